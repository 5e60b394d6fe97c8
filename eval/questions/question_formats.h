// The readers behind question_set_readers.h, one a format. Text is as decode_set() gives it. Faults
// go to the builder.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/questions/passage_documents.h"
#include "eval/questions/set_builder.h"

namespace saseo::eval {

inline constexpr std::uint64_t kMaxSetBytes = 64u << 20;
inline constexpr std::uint64_t kMaxCorpusBytes = 512u << 20;  // Files that hold documents.

// Calls `use(line, number)` for each line that is not blank; one of more than kMaxLineBytes is a
// fault. Numbers are from 1.
template <typename Use>
void for_each_line(std::string_view text, Faults& faults, const Use& use) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.size() > kMaxLineBytes) {
      faults.add(place_of_line(number), "{} bytes long; {} are read at most",
                 "길이가 {}바이트입니다. {}바이트까지 읽습니다", line.size(), kMaxLineBytes);
    } else if (line.find_first_not_of(" \t") != std::string_view::npos) {
      use(line, number);
    }
  }
}

void read_json_lines(std::string_view text, SetBuilder& builder);
void read_delimited(std::string_view text, char separator, SetBuilder& builder);
void read_squad(const nlohmann::json& root, SetBuilder& builder,
                std::vector<PassageDocument>& documents);
// Returns the hash of what was read.
Result<std::string> read_beir(const std::filesystem::path& folder, SetBuilder& builder,
                              std::vector<PassageDocument>& documents);

}  // namespace saseo::eval
