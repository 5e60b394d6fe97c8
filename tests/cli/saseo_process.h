// The real program, run in a folder of its own: no configuration, library or history of the person
// who runs the tests is touched.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/temporary_folder.h"

namespace saseo::cli {

struct Finished {
  int exit_code = -1;  // 128 + signal when one ended it.
  std::string out, err;

  // Standard output as one JSON value; a discarded value when it is none.
  nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
  // Standard output as JSON lines.
  std::vector<nlohmann::json> json_lines() const;
};

// A temporary home with a library path in it; removed with the object.
class Workplace {
 public:
  Workplace();

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path library() const { return folder_ / "library"; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }

  // English messages unless `environment` says otherwise.
  Finished run(const std::vector<std::string>& arguments, const std::string& input = "") const;
  // As a shell would run it: "$SASEO" is the program.
  Finished run_shell(const std::string& command) const;

  std::map<std::string, std::string> environment;

 private:
  Finished start(const std::vector<std::string>& command, const std::string& input) const;
  TemporaryFolder folder_;
};

// Two manuals that share words, so that products must be told apart.
inline constexpr const char* kKettle =
    "---\ntitle: 다온포트 K1 사용 설명서\nproduct: 다온포트 K1\nmodel: DK-100\nedition: 제2판\n"
    "language: ko\n---\n\n# 물 끓이기\n\n## 처음 끓이기\n\n1. 물을 최대선까지 채우세요.\n"
    "2. 뚜껑을 닫고 전원 버튼을 누르세요.\n3. 다 끓으면 물을 버리세요.\n\n"
    "## 물때 제거\n\n물때는 구연산 한 숟가락을 넣고 끓이면 없어집니다. 한 달에 한 번 하세요.\n\n"
    "# 보증\n\n보증 기간은 구입한 날부터 2년입니다.\n";
inline constexpr const char* kLamp =
    "---\ntitle: 다온램프 L2 사용 설명서\nproduct: 다온램프 L2\nmodel: DL-200\nlanguage: "
    "ko\n---\n\n"
    "# 밝기 조절\n\n전원 버튼을 길게 누르면 밝기가 세 단계로 바뀝니다.\n\n"
    "# 보증\n\n보증 기간은 구입한 날부터 1년입니다.\n";

std::filesystem::path phone_pdf();  // corpora/phone

}  // namespace saseo::cli
