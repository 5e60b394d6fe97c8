#include "eval/record_json.h"

#include <nlohmann/json.hpp>

#include "base/message.h"

namespace saseo {

// Found by nlohmann/json beside ByteSpan itself.
static void to_json(nlohmann::json& out, const ByteSpan& span) { out = {span.begin, span.end}; }
static void from_json(const nlohmann::json& in, ByteSpan& span) {
  span = {in.at(0).get<std::size_t>(), in.at(1).get<std::size_t>()};
}

}  // namespace saseo

namespace saseo::eval {
namespace {

using nlohmann::json;

template <typename T>
void take(const json& object, const char* key, T& value) {
  if (const auto found = object.find(key); found != object.end()) found->get_to(value);
}

template <typename T>
void take(const json& object, const char* key, std::optional<T>& value) {
  if (const auto found = object.find(key); found != object.end()) value = found->get<T>();
}

template <typename T>
void put(json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}

std::string dumped(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <typename T, typename Read>
Result<T> read(std::string_view text, const char* what, const Read& take_fields) {
  const json object = json::parse(text, nullptr, false);
  T value;
  std::string reason = "no JSON object";
  try {
    if (object.is_object()) {
      take_fields(object, value);
      return value;
    }
  } catch (const json::exception& failure) {
    reason = failure.what();
  }
  return make_error(ErrorCode::kDamaged, "{} of the run cannot be read: {}",
                    "실행 기록의 {}을(를) 읽을 수 없습니다: {}", what, reason);
}

}  // namespace

// Found by nlohmann/json beside the types: not in an unnamed namespace.
static void to_json(json& out, const GoldSection& gold) {
  out = {{"document", gold.document}, {"path", gold.path}, {"pages", gold.pages}};
}
static void from_json(const json& in, GoldSection& gold) {
  take(in, "document", gold.document);
  take(in, "path", gold.path);
  take(in, "pages", gold.pages);
}

static void to_json(json& out, const EarlierTurn& turn) {
  out = {{"question", turn.question}, {"answer", turn.answer}};
}
static void from_json(const json& in, EarlierTurn& turn) {
  take(in, "question", turn.question);
  take(in, "answer", turn.answer);
}

static void to_json(json& out, const RecordedPassage& passage) {
  out = {{"number", passage.number},
         {"document", passage.document},
         {"file", passage.file},
         {"product", passage.product},
         {"heading_path", passage.heading_path},
         {"first_page", passage.first_page},
         {"last_page", passage.last_page},
         {"text", passage.text},
         {"score", passage.score}};
}
static void from_json(const json& in, RecordedPassage& passage) {
  take(in, "number", passage.number);
  take(in, "document", passage.document);
  take(in, "file", passage.file);
  take(in, "product", passage.product);
  take(in, "heading_path", passage.heading_path);
  take(in, "first_page", passage.first_page);
  take(in, "last_page", passage.last_page);
  take(in, "text", passage.text);
  take(in, "score", passage.score);
}

static void to_json(json& out, const RecordedHit& hit) {
  out = {{"document", hit.document},
         {"file", hit.file},
         {"heading_path", hit.heading_path},
         {"page", hit.page},
         {"score", hit.score}};
}
static void from_json(const json& in, RecordedHit& hit) {
  take(in, "document", hit.document);
  take(in, "file", hit.file);
  take(in, "heading_path", hit.heading_path);
  take(in, "page", hit.page);
  take(in, "score", hit.score);
}

static void to_json(json& out, const RecordedCitation& citation) {
  out = {{"number", citation.number},     {"answer_span", citation.answer_span},
         {"document", citation.document}, {"heading_path", citation.heading_path},
         {"page", citation.page},         {"text", citation.text},
         {"file", citation.file}};
}
static void from_json(const json& in, RecordedCitation& citation) {
  take(in, "number", citation.number);
  take(in, "answer_span", citation.answer_span);
  take(in, "document", citation.document);
  take(in, "heading_path", citation.heading_path);
  take(in, "page", citation.page);
  take(in, "text", citation.text);
  take(in, "file", citation.file);
}

static void to_json(json& out, const RecordedSentence& sentence) {
  out = {{"answer_span", sentence.answer_span},
         {"basis", sentence.basis},
         {"numbers", sentence.numbers},
         {"doubtful", sentence.doubtful}};
}
static void from_json(const json& in, RecordedSentence& sentence) {
  take(in, "answer_span", sentence.answer_span);
  take(in, "basis", sentence.basis);
  take(in, "numbers", sentence.numbers);
  take(in, "doubtful", sentence.doubtful);
}

static void to_json(json& out, const Cost& cost) {
  out = json::object();
  put(out, "first_text_seconds", cost.first_text_seconds);
  put(out, "total_seconds", cost.total_seconds);
  put(out, "prompt_tokens", cost.prompt_tokens);
  put(out, "completion_tokens", cost.completion_tokens);
  put(out, "reused_prompt_tokens", cost.reused_prompt_tokens);
  put(out, "prefill_seconds", cost.prefill_seconds);
  put(out, "decode_seconds", cost.decode_seconds);
  put(out, "peak_memory_bytes", cost.peak_memory_bytes);
  put(out, "joules", cost.joules);
}
static void from_json(const json& in, Cost& cost) {
  take(in, "first_text_seconds", cost.first_text_seconds);
  take(in, "total_seconds", cost.total_seconds);
  take(in, "prompt_tokens", cost.prompt_tokens);
  take(in, "completion_tokens", cost.completion_tokens);
  take(in, "reused_prompt_tokens", cost.reused_prompt_tokens);
  take(in, "prefill_seconds", cost.prefill_seconds);
  take(in, "decode_seconds", cost.decode_seconds);
  take(in, "peak_memory_bytes", cost.peak_memory_bytes);
  take(in, "joules", cost.joules);
}

std::string to_json(const Question& question) {
  return dumped(json{{"id", question.id},
                     {"text", question.text},
                     {"language", language_code(question.language)},
                     {"type", question.type},
                     {"split", question.split},
                     {"product", question.product},
                     {"history", question.history},
                     {"references", question.references},
                     {"facts", question.facts},
                     {"gold", question.gold},
                     {"relevant_documents", question.relevant_documents},
                     {"unanswerable", question.unanswerable}});
}

Result<Question> question_from_json(std::string_view text) {
  return read<Question>(text, "a question", [](const json& in, Question& question) {
    take(in, "id", question.id);
    take(in, "text", question.text);
    std::string language;
    take(in, "language", language);
    question.language = language_of_code(language);
    take(in, "type", question.type);
    take(in, "split", question.split);
    take(in, "product", question.product);
    take(in, "history", question.history);
    take(in, "references", question.references);
    take(in, "facts", question.facts);
    take(in, "gold", question.gold);
    take(in, "relevant_documents", question.relevant_documents);
    take(in, "unanswerable", question.unanswerable);
  });
}

std::string to_json(const RecordedAnswer& answer) {
  json out{{"question_id", answer.question_id},
           {"contestant", answer.contestant},
           {"text", answer.text},
           {"plain_text", answer.plain_text},
           {"refused", answer.refused},
           {"searched_only", answer.searched_only},
           {"asked_as", answer.asked_as},
           {"plan_hash", answer.plan_hash},
           {"prompt", answer.prompt},
           {"product", answer.product},
           {"hits", answer.hits},
           {"passages", answer.passages},
           {"citations", answer.citations},
           {"sentences", answer.sentences},
           {"invented_citations", answer.invented_citations},
           {"cost", answer.cost}};
  put(out, "error", answer.error);
  return dumped(out);
}

Result<RecordedAnswer> answer_from_json(std::string_view text) {
  return read<RecordedAnswer>(text, "an answer", [](const json& in, RecordedAnswer& answer) {
    take(in, "question_id", answer.question_id);
    take(in, "contestant", answer.contestant);
    take(in, "text", answer.text);
    take(in, "plain_text", answer.plain_text);
    take(in, "refused", answer.refused);
    take(in, "searched_only", answer.searched_only);
    take(in, "asked_as", answer.asked_as);
    take(in, "plan_hash", answer.plan_hash);
    take(in, "prompt", answer.prompt);
    take(in, "product", answer.product);
    take(in, "hits", answer.hits);
    take(in, "passages", answer.passages);
    take(in, "citations", answer.citations);
    take(in, "sentences", answer.sentences);
    take(in, "invented_citations", answer.invented_citations);
    take(in, "cost", answer.cost);
    take(in, "error", answer.error);
  });
}

}  // namespace saseo::eval
