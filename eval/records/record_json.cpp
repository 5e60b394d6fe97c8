#include "eval/records/record_json.h"

#include "base/json.h"
#include "base/message.h"
#include "eval/records/described_json.h"

namespace saseo::eval {
namespace {

template <typename T>
std::string written(const T& value) {
  return written_json(to_described_json(value));
}

template <typename T>
Result<T> read(std::string_view text, std::string_view what_en, std::string_view what_ko) {
  T value;
  DescribedReader reader;
  reader.read_members(parsed_json<DescribedJson>(text), value);
  if (reader.fault().empty()) return value;
  return make_error(ErrorCode::kDamaged, "{0} of the run cannot be read: {2}",
                    "실행 기록의 {1}을(를) 읽을 수 없습니다: {2}", what_en, what_ko,
                    reader.fault());
}

}  // namespace

std::string to_json(const Question& question) { return written(question); }
std::string to_json(const RecordedAnswer& answer) { return written(answer); }
std::string to_json(const RecordedJudgement& judgement) { return written(judgement); }
std::string to_json(const std::vector<Message>& messages) { return written(messages); }

std::vector<Message> messages_from_json(std::string_view text) {
  std::vector<Message> messages;
  DescribedReader reader;
  reader.read_items(parsed_json<DescribedJson>(text), messages);
  if (!reader.fault().empty()) messages.clear();
  return messages;
}

Result<Question> question_from_json(std::string_view text) {
  return read<Question>(text, "a question", "질문");
}
Result<RecordedAnswer> answer_from_json(std::string_view text) {
  return read<RecordedAnswer>(text, "an answer", "답변");
}
Result<RecordedJudgement> judgement_from_json(std::string_view text) {
  return read<RecordedJudgement>(text, "a judgement", "판정");
}

}  // namespace saseo::eval
