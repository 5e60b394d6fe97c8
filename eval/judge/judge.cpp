#include "eval/judge/judge.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "base/message.h"
#include "base/utf8.h"
#include "eval/records/hash_input.h"
#include "generation/token_estimate.h"

namespace saseo::eval {
namespace {

using Clock = std::chrono::steady_clock;

// Room for the question for a letter, and the letter.
constexpr std::size_t kLetterTokens = 100;
constexpr std::size_t kVerdictTokens = 8;       // The letter.
constexpr std::size_t kFreeVerdictTokens = 40;  // Of a judge who is not held to it: "Verdict: A".
static_assert(kFreeVerdictTokens < kLetterTokens);

Error stopped_error() {
  return make_error(ErrorCode::kCancelled,
                    "stopped while it was judged; run the same command again to go on",
                    "심사하는 도중에 멈췄습니다. 같은 명령을 다시 실행하면 이어서 합니다");
}

class Judging {
 public:
  Judging(RunStore& run, const JudgeSpec& judge, const RunObserver& observer, std::stop_token stop)
      : run_(run), judge_(judge), observer_(observer), stop_(std::move(stop)) {}

  Result<JudgeReport> judge(std::span<const ContestantPair> pairs);

 private:
  struct Comparison {
    const Question* question;
    const RecordedAnswer *first, *second;
  };
  Status open();
  // As many passages as fit; an error where even the answers alone do not.
  Result<std::vector<PromptMessage>> fitted_prompt(const ShownAnswers& shown);
  Result<Completion> complete(std::span<const PromptMessage> messages, bool letter);
  // The question for a letter after what the judge said, of which the beginning is kept that fits:
  // text that a model wrote may take more tokens when it is read.
  Result<std::vector<PromptMessage>> fitted_letter_prompt(
      const std::vector<PromptMessage>& messages, std::string_view said, Language language);
  std::size_t verdict_tokens() const {
    return opened_.model->capabilities().keeps_to_choices ? kVerdictTokens : kFreeVerdictTokens;
  }
  // What the judge says; fails where it does.
  Result<RecordedJudgement> ask(const ShownAnswers& shown);
  Status settle(const ShownAnswers& shown);
  void tell(std::size_t done, std::size_t all);

  RunStore& run_;
  const JudgeSpec& judge_;
  const RunObserver& observer_;
  std::stop_token stop_;
  OpenJudge opened_;
  std::map<std::string, RecordedJudgement> known_;  // By hash.
  JudgeReport report_;
  double seconds_ = 0;  // Spent on what was computed.
};

Status Judging::open() {
  if (opened_.model) return {};
  Result<OpenJudge> opened = judge_.open(stop_);
  if (!opened.ok()) return Error{opened.error().code, judge_.name + ": " + opened.error().message};
  opened_ = std::move(*opened);
  return {};
}

Result<std::vector<PromptMessage>> Judging::fitted_prompt(const ShownAnswers& shown) {
  const std::size_t context = opened_.model->context_size(Lane::kAnswer);
  std::size_t passages = passages_of(shown).size();
  for (;; --passages) {
    std::vector<PromptMessage> messages = judge_prompt(shown, passages);
    SASEO_ASSIGN_OR_RETURN(const std::size_t prompt,
                           tokens_to_plan(*opened_.model, messages, stop_));
    const std::size_t tokens = prompt + judge_.max_tokens + kLetterTokens;
    if (tokens <= context) return messages;
    if (passages == 0)
      return make_error(ErrorCode::kLimit,
                        "question and answers take {} tokens with the verdict; the context holds "
                        "{}: give the judge a larger --context",
                        "질문과 두 답이 판정까지 {}토큰인데 문맥은 {}토큰입니다. 심사 모델에 더 큰 "
                        "--context를 주세요",
                        tokens, context);
  }
}

Result<Completion> Judging::complete(std::span<const PromptMessage> messages, bool letter) {
  CompletionRequest request = {.messages = messages,
                               .max_tokens = letter ? verdict_tokens() : judge_.max_tokens,
                               .sampling = opened_.sampling,
                               .on_prompt = opened_.on_prompt};
  if (letter) request.choices.assign(kVerdictLetters.begin(), kVerdictLetters.end());
  SASEO_ASSIGN_OR_RETURN(Completion completion,
                         opened_.model->complete(
                             request, [](std::string_view) { return true; }, stop_));
  if (completion.end == CompletionEnd::kCancelled || stop_.stop_requested()) return stopped_error();
  return completion;
}

Result<std::vector<PromptMessage>> Judging::fitted_letter_prompt(
    const std::vector<PromptMessage>& messages, std::string_view said, Language language) {
  const std::size_t context = opened_.model->context_size(Lane::kAnswer);
  for (;; said = said.substr(0, floor_to_code_point(said, said.size() / 2))) {
    std::vector<PromptMessage> prompt = letter_prompt(messages, said, language);
    SASEO_ASSIGN_OR_RETURN(const std::size_t tokens, tokens_to_plan(*opened_.model, prompt, stop_));
    if (said.empty() || tokens + verdict_tokens() <= context) return prompt;
  }
}

Result<RecordedJudgement> Judging::ask(const ShownAnswers& shown) {
  RecordedJudgement judgement;
  const Clock::time_point start = Clock::now();
  SASEO_ASSIGN_OR_RETURN(const std::vector<PromptMessage> messages, fitted_prompt(shown));
  SASEO_ASSIGN_OR_RETURN(const Completion said, complete(messages, false));
  judgement.text = said.text;
  // A last line that was cut off may have begun with a letter.
  std::optional<JudgedBest> best;
  if (said.end != CompletionEnd::kLength) best = read_verdict(said.text);
  if (!best) {
    judgement.malformed = true;
    SASEO_ASSIGN_OR_RETURN(const std::vector<PromptMessage> again,
                           fitted_letter_prompt(messages, said.text, shown.question.language));
    SASEO_ASSIGN_OR_RETURN(const Completion letter, complete(again, true));
    best = read_verdict(letter.text);
  }
  if (!best)
    return make_error(ErrorCode::kUnsupported, "the judge gave no verdict, even from A, B or T",
                      "심사 모델이 A, B, T 가운데서도 판정하지 못했습니다");
  judgement.best = *best;
  judgement.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return judgement;
}

Status Judging::settle(const ShownAnswers& shown) {
  const std::string hash = judgement_hash(shown, judge_.identity);
  if (const auto known = known_.find(hash); known != known_.end() && !known->second.error) {
    ++report_.reused;
    return {};
  }
  SASEO_RETURN_IF_ERROR(open());
  const Clock::time_point start = Clock::now();
  Result<RecordedJudgement> judged = ask(shown);
  RecordedJudgement judgement;
  if (judged.ok()) {
    judgement = std::move(*judged);
    ++report_.computed;
    report_.malformed += judgement.malformed;
  } else if (judged.error().code == ErrorCode::kCancelled || stop_.stop_requested()) {
    return judged.error();
  } else {
    judgement.error = judged.error().message;
    ++report_.failed;
    if (observer_.on_failure)
      observer_.on_failure(judge_.name + ", " + shown.question.id, judged.error());
  }
  SASEO_RETURN_IF_ERROR(run_.put(judgement, hash));
  known_[hash] = std::move(judgement);
  seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  return {};
}

void Judging::tell(std::size_t done, std::size_t all) {
  if (!observer_.on_progress) return;
  RunProgress progress{judge_.name, done, all, report_.computed, report_.failed, std::nullopt};
  const std::size_t asked = report_.computed + report_.failed;
  if (asked > 0) {
    progress.seconds_left =
        2 * seconds_ / static_cast<double>(asked) * static_cast<double>(all - done);
  }
  observer_.on_progress(progress);
}

Result<JudgeReport> Judging::judge(std::span<const ContestantPair> pairs) {
  SASEO_ASSIGN_OR_RETURN(RunInfo info, run_.info());
  info.judge = judge_.name;
  info.judge_identity = judge_.identity;
  SASEO_RETURN_IF_ERROR(run_.set_info(info));
  SASEO_ASSIGN_OR_RETURN(known_, run_.judgements());
  SASEO_ASSIGN_OR_RETURN(const std::vector<Question> questions, run_.questions());
  SASEO_ASSIGN_OR_RETURN(const std::vector<RecordedAnswer> answers, run_.answers());
  std::map<std::pair<std::string, std::string>, const RecordedAnswer*> by_place;
  for (const RecordedAnswer& answer : answers)
    by_place[{answer.question_id, answer.contestant}] = &answer;

  std::vector<Comparison> comparisons;
  for (const Question& question : questions) {
    for (const auto& [first, second] : pairs) {
      const auto a = by_place.find({question.id, first}), b = by_place.find({question.id, second});
      if (a == by_place.end() || b == by_place.end()) continue;
      if (!can_be_judged(*a->second, *b->second)) continue;
      if (settled_without_judge({question, *a->second, *b->second})) {
        ++report_.settled;
        continue;
      }
      comparisons.push_back({&question, a->second, b->second});
    }
  }
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    tell(i, comparisons.size());
    const auto& [question, first, second] = comparisons[i];
    for (const ShownAnswers& shown :
         {ShownAnswers{*question, *first, *second}, ShownAnswers{*question, *second, *first}}) {
      if (stop_.stop_requested()) return stopped_error();
      SASEO_RETURN_IF_ERROR(settle(shown));
    }
  }
  tell(comparisons.size(), comparisons.size());
  return report_;
}

}  // namespace

std::vector<ContestantPair> all_pairs(std::span<const std::string> contestants) {
  std::vector<ContestantPair> pairs;
  for (std::size_t i = 0; i < contestants.size(); ++i) {
    for (std::size_t k = i + 1; k < contestants.size(); ++k)
      pairs.emplace_back(contestants[i], contestants[k]);
  }
  return pairs;
}

Result<JudgeReport> judge_answers(RunStore& run, std::span<const ContestantPair> pairs,
                                  const JudgeSpec& judge, const RunObserver& observer,
                                  std::stop_token stop) {
  return Judging(run, judge, observer, std::move(stop)).judge(pairs);
}

std::string judgement_hash(const ShownAnswers& shown, const std::string& judge_identity) {
  HashInput input;
  input.add(judge_identity);
  // Every word of what the judge would read of it all.
  for (const PromptMessage& message : judge_prompt(shown, passages_of(shown).size()))
    input.add(message.text);
  return input.hash();
}

std::optional<JudgedBest> settled_without_judge(const ShownAnswers& shown) {
  const RecordedAnswer &first = shown.first, &second = shown.second;
  if (first.refused && second.refused) return JudgedBest::kNeither;
  if (shown.question.unanswerable && first.refused) return JudgedBest::kFirst;
  if (shown.question.unanswerable && second.refused) return JudgedBest::kSecond;
  if (first.refused == second.refused &&
      collapse_spaces(first.plain_text) == collapse_spaces(second.plain_text))
    return JudgedBest::kNeither;
  return std::nullopt;
}

bool can_be_judged(const RecordedAnswer& first, const RecordedAnswer& second) {
  const auto answers = [](const RecordedAnswer& answer) {
    return !answer.error && !answer.searched_only;
  };
  return answers(first) && answers(second);
}

bool is_same_model(const StoredContestant& contestant, const std::string& judge_name,
                   const std::string& judge_identity) {
  return contestant.name == judge_name || contestant.identity == judge_identity;
}

std::string judge_contests(const std::string& judge_name) {
  return say(
      "The judge {} is one of the contestants: models favour their own answers. Take "
      "another judge, or do not rely on its verdicts.",
      "심사 모델 {}이(가) 참가자이기도 합니다. 모델은 자기 답을 좋게 봅니다. 다른 심사 모델을 "
      "쓰거나 그 판정을 믿지 마세요.",
      judge_name);
}

}  // namespace saseo::eval
