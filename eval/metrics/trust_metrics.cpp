#include "eval/metrics/trust_metrics.h"

#include <algorithm>
#include <set>

#include "eval/metrics/gold.h"
#include "generation/answer.h"
#include "retrieval/question.h"

namespace saseo::eval {
namespace {

// Sentences that claim something and are held by what is cited, of those that claim something.
std::optional<double> supported_share(const RecordedAnswer& answer) {
  if (answer.refused) return std::nullopt;
  if (answer.sentences.empty()) {
    // What the extractive model prints is the manual's own, each stretch cited.
    if (answer.citations.empty()) return std::nullopt;
    return 1.0;
  }
  std::size_t claims = 0, held = 0;
  for (const RecordedSentence& sentence : answer.sentences) {
    if (sentence.basis == name_of(CitationBasis::kNothingSaid)) continue;
    ++claims;
    held += !sentence.doubtful;
  }
  if (claims == 0) return std::nullopt;
  return static_cast<double>(held) / static_cast<double>(claims);
}

// Cites manuals of several products, which do not answer side by side.
bool mixes_products(const RecordedAnswer& answer) {
  if (answer.side_by_side) return false;
  std::set<std::string_view> products;
  for (const RecordedCitation& citation : answer.citations) {
    const auto passage =
        std::ranges::find(answer.passages, citation.number, &RecordedPassage::number);
    if (passage != answer.passages.end()) products.insert(passage->product);
  }
  return products.size() > 1;
}

void add_citations(const Question& question, const RecordedAnswer& answer,
                   std::map<std::string, double>& values) {
  if (question.gold.empty()) return;
  std::size_t right = 0;
  for (const RecordedCitation& citation : answer.citations)
    right += gold_section_of(place_of(citation), question).has_value();
  if (!answer.citations.empty()) {
    values["citation-precision"] =
        static_cast<double>(right) / static_cast<double>(answer.citations.size());
  }
  values["citation-recall"] = right > 0 ? 1 : 0;
}

}  // namespace

const std::vector<MetricDefinition>& trust_metric_definitions() {
  static const std::vector<MetricDefinition> definitions = {
      {"citation-precision", MetricGroup::kTrust, MetricUnit::kShare, true, false,
       "Citations in a gold section", "정답 절을 가리킨 인용"},
      {"citation-recall", MetricGroup::kTrust, MetricUnit::kShare, true, true,
       "A gold section is cited", "정답 절이 인용됨"},
      {"supported", MetricGroup::kTrust, MetricUnit::kShare, true, false,
       "Sentences held by a passage", "대목이 뒷받침하는 문장"},
      {"invented-citations", MetricGroup::kTrust, MetricUnit::kCount, false, false,
       "Invented citations", "지어낸 인용"},
      {"refusal-recall", MetricGroup::kTrust, MetricUnit::kShare, true, true,
       "Unanswerable questions refused", "답 없는 질문을 거절함"},
      {"refusal-precision", MetricGroup::kTrust, MetricUnit::kShare, true, true,
       "Refusals that were right", "옳게 거절한 비율"},
      {"wrongly-refused", MetricGroup::kTrust, MetricUnit::kShare, false, true,
       "Answerable questions refused", "답 있는 질문을 거절함"},
      {"mixed-products", MetricGroup::kTrust, MetricUnit::kShare, false, true,
       "Answers that mix products", "여러 제품을 섞은 답"},
      {"answer-language", MetricGroup::kTrust, MetricUnit::kShare, true, true,
       "Answer in the question's language", "질문과 같은 언어로 답함"},
  };
  return definitions;
}

std::map<std::string, double> trust_metrics(const Question& question,
                                            const RecordedAnswer& answer) {
  std::map<std::string, double> values;
  if (answer.error || answer.searched_only) return values;
  if (answer.refused) values["refusal-precision"] = question.unanswerable ? 1 : 0;
  if (question.unanswerable) {
    values["refusal-recall"] = answer.refused ? 1 : 0;
  } else {
    values["wrongly-refused"] = answer.refused ? 1 : 0;
    add_citations(question, answer, values);
  }
  if (answer.refused) return values;
  values["mixed-products"] = mixes_products(answer) ? 1 : 0;
  values["invented-citations"] = static_cast<double>(answer.invented_citations);
  if (const std::optional<double> share = supported_share(answer)) values["supported"] = *share;
  if (question.language == Language::kKorean || question.language == Language::kEnglish)
    values["answer-language"] =
        language_of_question(answer.plain_text) == question.language ? 1 : 0;
  return values;
}

const std::vector<MetricDefinition>& cost_metric_definitions() {
  static const std::vector<MetricDefinition> definitions = {
      {"first-text-seconds", MetricGroup::kCost, MetricUnit::kSeconds, false, false,
       "Time to the first text", "첫 글자까지 시간"},
      {"total-seconds", MetricGroup::kCost, MetricUnit::kSeconds, false, false, "Time of an answer",
       "답 하나의 시간"},
      {"prefill-rate", MetricGroup::kCost, MetricUnit::kTokensPerSecond, true, false,
       "Reading the prompt", "프롬프트 읽기 속도"},
      {"decode-rate", MetricGroup::kCost, MetricUnit::kTokensPerSecond, true, false, "Writing",
       "쓰기 속도"},
      {"prompt-tokens", MetricGroup::kCost, MetricUnit::kTokens, false, false, "Prompt",
       "프롬프트 길이"},
      {"answer-tokens", MetricGroup::kCost, MetricUnit::kTokens, false, false, "Answer",
       "답의 길이"},
      {"peak-memory", MetricGroup::kCost, MetricUnit::kBytes, false, false, "Peak memory",
       "최대 메모리"},
      {"joules", MetricGroup::kCost, MetricUnit::kJoules, false, false, "Energy of an answer",
       "답 하나의 에너지"},
  };
  return definitions;
}

std::map<std::string, double> cost_metrics(const Cost& cost) {
  std::map<std::string, double> values;
  const auto put = [&](const char* name, const std::optional<double>& value) {
    if (value) values[name] = *value;
  };
  put("first-text-seconds", cost.first_text_seconds);
  put("total-seconds", cost.total_seconds);
  put("prompt-tokens", cost.prompt_tokens);
  put("answer-tokens", cost.completion_tokens);
  put("peak-memory", cost.peak_memory_bytes);
  put("joules", cost.joules);
  if (cost.prompt_tokens && cost.prefill_seconds && *cost.prefill_seconds > 0) {
    // What was computed before is not read again.
    const double read = *cost.prompt_tokens - cost.reused_prompt_tokens.value_or(0);
    if (read > 0) values["prefill-rate"] = read / *cost.prefill_seconds;
  }
  if (cost.completion_tokens && cost.decode_seconds && *cost.completion_tokens > 1 &&
      *cost.decode_seconds > 0)
    values["decode-rate"] = (*cost.completion_tokens - 1) / *cost.decode_seconds;
  return values;
}

}  // namespace saseo::eval
