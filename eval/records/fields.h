// The fields of an evaluation by name, once for writing and reading: describe(io, value) calls
// io("name", field) for each.
#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include "eval/records/evaluation.h"
#include "eval/records/recorded_judgement.h"

namespace saseo::eval {

template <typename T, typename Plain>
concept SameAs = std::same_as<std::remove_const_t<T>, Plain>;

// Names of enumerators, in their order.
constexpr std::array<std::string_view, 5> names_of(MetricGroup) {
  return {"finding", "answering", "trust", "cost", "judge"};
}
constexpr std::array<std::string_view, 8> names_of(MetricUnit) {
  return {"share", "points", "count", "seconds", "tokens", "tokens-per-second", "bytes", "joules"};
}
constexpr std::array<std::string_view, 3> names_of(JudgedBest) {
  return {"first", "second", "neither"};
}

template <typename Io>
void describe(Io& io, SameAs<ByteSpan> auto& v) {
  io("begin", v.begin);
  io("end", v.end);
}
template <typename Io>
void describe(Io& io, SameAs<MetricDefinition> auto& v) {
  io("name", v.name);
  io("group", v.group);
  io("unit", v.unit);
  io("higher_is_better", v.higher_is_better);
  io("yes_no", v.yes_no);
  io("label_en", v.label_en);
  io("label_ko", v.label_ko);
}
template <typename Io>
void describe(Io& io, SameAs<Estimate> auto& v) {
  io("value", v.value);
  io("low", v.low);
  io("high", v.high);
  io("count", v.count);
}
template <typename Io>
void describe(Io& io, SameAs<Slice> auto& v) {
  io("language", v.language);
  io("type", v.type);
}
template <typename Io>
void describe(Io& io, SameAs<MetricSummary> auto& v) {
  io("metric", v.metric);
  io("slice", v.slice);
  io("contestant", v.contestant);
  io("estimate", v.estimate);
}
template <typename Io>
void describe(Io& io, SameAs<Comparison> auto& v) {
  io("metric", v.metric);
  io("slice", v.slice);
  io("first", v.first);
  io("second", v.second);
  io("difference", v.difference);
  io("test", v.test);
  io("p", v.p);
  io("p_adjusted", v.p_adjusted);
  io("wins", v.wins);
  io("ties", v.ties);
  io("losses", v.losses);
  io("effect_size", v.effect_size);
  io("smallest_difference", v.smallest_difference);
}
template <typename Io>
void describe(Io& io, SameAs<CorpusScore> auto& v) {
  io("metric", v.metric);
  io("slice", v.slice);
  io("contestant", v.contestant);
  io("value", v.value);
}
template <typename Io>
void describe(Io& io, SameAs<Contestant> auto& v) {
  io("name", v.name);
  io("description", v.description);
  io("model_bytes", v.model_bytes);
  io("answered", v.answered);
  io("refused", v.refused);
  io("failed", v.failed);
}
template <typename Io>
void describe(Io& io, SameAs<GoldSection> auto& v) {
  io("document", v.document);
  io("path", v.path);
  io("pages", v.pages);
}
template <typename Io>
void describe(Io& io, SameAs<EarlierTurn> auto& v) {
  io("question", v.question);
  io("answer", v.answer);
}
template <typename Io>
void describe(Io& io, SameAs<Question> auto& v) {
  io("id", v.id);
  io("text", v.text);
  io("language", v.language);
  io("type", v.type);
  io("split", v.split);
  io("product", v.product);
  io("history", v.history);
  io("references", v.references);
  io("facts", v.facts);
  io("gold", v.gold);
  io("relevant_documents", v.relevant_documents);
  io("unanswerable", v.unanswerable);
}
template <typename Io>
void describe(Io& io, SameAs<RecordedPassage> auto& v) {
  io("number", v.number);
  io("document", v.document);
  io("file", v.file);
  io("product", v.product);
  io("heading_path", v.heading_path);
  io("first_page", v.first_page);
  io("last_page", v.last_page);
  io("text", v.text);
  io("score", v.score);
}
template <typename Io>
void describe(Io& io, SameAs<RecordedHit> auto& v) {
  io("document", v.document);
  io("file", v.file);
  io("heading_path", v.heading_path);
  io("page", v.page);
  io("score", v.score);
}
template <typename Io>
void describe(Io& io, SameAs<RecordedCitation> auto& v) {
  io("number", v.number);
  io("answer_span", v.answer_span);
  io("document", v.document);
  io("heading_path", v.heading_path);
  io("page", v.page);
  io("text", v.text);
  io("file", v.file);
}
template <typename Io>
void describe(Io& io, SameAs<RecordedSentence> auto& v) {
  io("answer_span", v.answer_span);
  io("basis", v.basis);
  io("numbers", v.numbers);
  io("doubtful", v.doubtful);
}
template <typename Io>
void describe(Io& io, SameAs<Cost> auto& v) {
  io("first_text_seconds", v.first_text_seconds);
  io("total_seconds", v.total_seconds);
  io("prompt_tokens", v.prompt_tokens);
  io("completion_tokens", v.completion_tokens);
  io("reused_prompt_tokens", v.reused_prompt_tokens);
  io("prefill_seconds", v.prefill_seconds);
  io("decode_seconds", v.decode_seconds);
  io("peak_memory_bytes", v.peak_memory_bytes);
  io("joules", v.joules);
}
template <typename Io>
void describe(Io& io, SameAs<RecordedAnswer> auto& v) {
  io("question_id", v.question_id);
  io("contestant", v.contestant);
  io("text", v.text);
  io("plain_text", v.plain_text);
  io("refused", v.refused);
  io("searched_only", v.searched_only);
  io("asked_as", v.asked_as);
  io("plan_hash", v.plan_hash);
  io("prompt", v.prompt);
  io("product", v.product);
  io("side_by_side", v.side_by_side);
  io("hits", v.hits);
  io("passages", v.passages);
  io("citations", v.citations);
  io("sentences", v.sentences);
  io("invented_citations", v.invented_citations);
  io("cost", v.cost);
  io("error", v.error);
}
template <typename Io>
void describe(Io& io, SameAs<RecordedJudgement> auto& v) {
  io("best", v.best);
  io("malformed", v.malformed);
  io("text", v.text);
  io("seconds", v.seconds);
  io("error", v.error);
}
template <typename Io>
void describe(Io& io, SameAs<QuestionOutcome> auto& v) {
  io("question", v.question);
  io("answers", v.answers);
  io("values", v.values);
}
template <typename Io>
void describe(Io& io, SameAs<Verdict> auto& v) {
  io("language", v.language);
  io("sentence_en", v.sentence_en);
  io("sentence_ko", v.sentence_ko);
}
template <typename Io>
void describe(Io& io, SameAs<JudgeSummary> auto& v) {
  io("judge", v.judge);
  io("pairs", v.pairs);
  io("judged", v.judged);
  io("settled", v.settled);
  io("failed", v.failed);
  io("missing", v.missing);
  io("malformed", v.malformed);
  io("position_bias", v.position_bias);
  io("agreement", v.agreement);
}
template <typename Io>
void describe(Io& io, SameAs<Evaluation> auto& v) {
  io("set_name", v.set_name);
  io("set_hash", v.set_hash);
  io("library", v.library);
  io("index_hash", v.index_hash);
  io("created", v.created);
  io("saseo_version", v.saseo_version);
  io("machine", v.machine);
  io("draft", v.draft);
  io("contestants", v.contestants);
  io("metrics", v.metrics);
  io("summaries", v.summaries);
  io("corpus_scores", v.corpus_scores);
  io("comparisons", v.comparisons);
  io("verdicts", v.verdicts);
  io("outcomes", v.outcomes);
  io("judge", v.judge);
  io("warnings", v.warnings);
  io("signatures", v.signatures);
}

}  // namespace saseo::eval
