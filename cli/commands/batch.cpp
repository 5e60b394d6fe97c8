#include "cli/commands/batch.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/json/error_json.h"
#include "app/json/json.h"
#include "app/library/search_filter.h"
#include "base/files.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kMaxLineBytes = 1 << 20;

Error bad_line(std::string_view expected_en, std::string_view expected_ko) {
  return make_error(ErrorCode::kBadInput, "the line is not usable: {}", "쓸 수 없는 줄입니다: {}",
                    Message(std::string(expected_en), std::string(expected_ko)));
}

// A text field; absent or null leaves `value` as it was.
Status take_text(const app::Json& object, const char* key, std::string& value) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_string())
    return make_error(ErrorCode::kBadInput, "\"{}\" must be a text", "\"{}\"은(는) 글자여야 합니다",
                      key);
  value = found->get<std::string>();
  return {};
}

Status take_documents(const app::Json& object, std::vector<std::string>& documents) {
  const auto found = object.find("document");
  if (found == object.end() || found->is_null()) return {};
  const app::Json list = found->is_array() ? *found : app::Json::array({*found});
  documents.clear();
  for (const app::Json& name : list) {
    if (name.is_number_integer()) {
      documents.push_back(name.dump());
    } else if (name.is_string()) {
      documents.push_back(name.get<std::string>());
    } else {
      return bad_line("\"document\" must be a number, a name or a list of them",
                      "\"document\"는 번호, 이름 또는 그 목록이어야 합니다");
    }
  }
  return {};
}

}  // namespace

Status parse_batch_line(std::string_view text, const app::FilterChoice& given, BatchLine& line) {
  line = {.filter = given};
  if (text.size() > kMaxLineBytes) return bad_line("longer than 1 MiB", "1 MiB보다 깁니다");
  const app::Json object = parsed_json<app::Json>(text);
  if (!object.is_object()) return bad_line("a JSON object is expected", "JSON 객체가 아닙니다");
  if (const auto id = object.find("id"); id != object.end()) line.id = id->dump();
  const auto question = object.find("question");
  if (question == object.end() || !question->is_string())
    return bad_line("\"question\" is missing", "\"question\"이 없습니다");
  line.question = question->get<std::string>();
  SASEO_RETURN_IF_ERROR(take_text(object, "product", line.filter.product));
  SASEO_RETURN_IF_ERROR(take_text(object, "language", line.filter.language));
  SASEO_RETURN_IF_ERROR(take_text(object, "pages", line.filter.pages));
  return take_documents(object, line.filter.documents);
}

int run_batch(TerminalSession& session, const std::string& file, const app::FilterChoice& given,
              const Interrupts& interrupts, const BatchStep& step) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file);
    if (!opened) return session.fail(io_error(file, errno), true);
  }
  std::istream& input = file == "-" ? std::cin : opened;
  bool all_well = true;
  std::string text;
  while (!interrupts.requested() && session.console.out.failure() == 0 &&
         std::getline(input, text)) {
    if (trim(text).empty()) continue;
    BatchLine line;
    const Status parsed = parse_batch_line(text, given, line);
    Result<app::Json> answer = parsed.ok() ? step(line) : Result<app::Json>(parsed.error());
    all_well = all_well && answer.ok();
    // A damaged library will not get better with the next line.
    if (!answer.ok() && exit_code_of(answer.error().code) == kExitLibrary)
      return session.fail(answer.error(), true);
    app::Json out = {{"id", app::Json::parse(line.id)}};
    out.update(answer.ok() ? *answer : app::error_json(answer.error(), wording()));
    session.print_json(app::dump(out));
  }
  if (interrupts.requested()) return kExitInterrupted;
  return all_well ? kExitOk : kExitInput;
}

}  // namespace saseo::cli
