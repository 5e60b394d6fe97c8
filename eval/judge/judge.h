// Judge: a chat model reads two answers to a question, blind and in both orders, and says which is
// better (judge_prompt.h); what it said is kept in the run.
//
// - A verdict that cannot be read is asked for again, with the letters as the only choices.
// - Some pairs need no judge: two refusals or twice the same answer are a tie, and where the
//   manuals are silent, the one that refuses wins against the one that does not.
// - A verdict is kept under the hash of all that was shown and of the judge: what is there is not
//   asked again, and one of an answer that changed counts for nothing.
// - A judge that fails on a pair is recorded with its error and asked again by the next run.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "eval/judge/judge_prompt.h"
#include "eval/records/run_progress.h"
#include "eval/records/run_store.h"
#include "generation/chat_model.h"

namespace saseo::eval {

// A judge that is in memory.
struct OpenJudge {
  std::unique_ptr<ChatModel> model;
  ChatSampling sampling;
  PromptProgress on_prompt;  // May be empty.
};

struct JudgeSpec {
  std::string name;
  std::string identity;          // As a contestant's: of the model and how it is run.
  std::size_t max_tokens = 300;  // Of reasons and verdict.
  // Called when there is something to judge.
  std::function<Result<OpenJudge>(std::stop_token)> open;
};

using ContestantPair = std::pair<std::string, std::string>;
std::vector<ContestantPair> all_pairs(std::span<const std::string> contestants);

struct JudgeReport {
  // Verdicts, two a pair and question.
  std::size_t computed = 0, reused = 0, failed = 0, malformed = 0;
  std::size_t settled = 0;  // Pairs that needed no judge.
};

// Judges the answers of the run's questions that both of a pair answered, and notes the judge in
// the run. The observer's progress is of comparisons, under the judge's name. Fails with kCancelled
// when stopped: what was judged stays. Other failures are of the run's file or a judge that cannot
// be opened.
Result<JudgeReport> judge_answers(RunStore& run, std::span<const ContestantPair> pairs,
                                  const JudgeSpec& judge, const RunObserver& observer,
                                  std::stop_token stop);

// The hash under which the run keeps what this judge says of answers shown so.
std::string judgement_hash(const ShownAnswers& shown, const std::string& judge_identity);
// What needs no judge.
std::optional<JudgedBest> settled_without_judge(const ShownAnswers& shown);
// Both are there and no mere search.
bool can_be_judged(const RecordedAnswer& first, const RecordedAnswer& second);
// The judge is this contestant, by name or by identity.
bool is_same_model(const StoredContestant& contestant, const std::string& judge_name,
                   const std::string& judge_identity);
// What people are told then.
Message judge_contests(const std::string& judge_name);

}  // namespace saseo::eval
