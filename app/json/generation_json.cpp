#include "app/json/generation_json.h"

#include <nlohmann/json.hpp>

namespace saseo::app {
namespace {

Json usage_json(const TokenUsage& usage) {
  return {{"prompt_tokens", usage.prompt_tokens},
          {"reused_prefix_tokens", usage.reused_prefix_tokens},
          {"stored_prefix_tokens", usage.stored_prefix_tokens},
          {"store_notes", usage.store_notes},
          {"completion_tokens", usage.completion_tokens},
          {"prefill_ms", usage.prefill_seconds * 1e3},
          {"decode_ms", usage.decode_seconds * 1e3},
          {"prefill_tokens_per_second", usage.prefill_rate()},
          {"decode_tokens_per_second", usage.decode_rate()},
          {"drafted_tokens", usage.drafted_tokens},
          {"accepted_tokens", usage.accepted_tokens},
          {"draft_passes", usage.draft_passes}};
}

Json plan_json(const TokenPlan& plan) {
  return {{"context", plan.context},
          {"prompt", plan.prompt()},
          {"instructions", plan.instructions},
          {"question", plan.question},
          {"history", plan.history},
          {"passages", plan.passages},
          {"framing", plan.framing},
          {"answer", plan.answer},
          {"turns_shown", plan.turns_shown},
          {"turns_left_out", plan.turns_left_out},
          {"passages_shown", plan.passages_shown},
          {"passages_left_out", plan.passages_left_out}};
}

}  // namespace

Json sentences_json(std::span<const CheckedSentence> sentences) {
  Json list = Json::array();
  for (const CheckedSentence& sentence : sentences)
    list.push_back({{"answer_span",
                     {{"begin", sentence.answer_span.begin}, {"end", sentence.answer_span.end}}},
                    {"basis", saseo::name_of(sentence.basis)},
                    {"numbers", sentence.numbers},
                    {"unverified", sentence.unverified},
                    {"doubtful", sentence.doubtful()},
                    {"share", sentence.share}});
  return list;
}

Json generation_json(const Answer& answer) {
  if (!answer.generation) return nullptr;
  const GenerationReport& report = *answer.generation;
  return {{"plan", plan_json(report.plan)},
          {"usage", usage_json(report.usage)},
          {"end", saseo::name_of(report.end)},
          {"passage_order", report.passage_order},
          {"passages_left_out", report.passages_left_out},
          {"invented_citations", report.invented_citations},
          {"said_silent", report.said_silent}};
}

Json rewriting_json(const Answer& answer) {
  if (!answer.rewriting && answer.question == answer.asked) return nullptr;
  return {{"by", answer.rewritten_by_model ? "model" : "rules"},
          {"usage", answer.rewriting ? usage_json(*answer.rewriting) : Json()}};
}

}  // namespace saseo::app
