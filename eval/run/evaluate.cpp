#include "eval/run/evaluate.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/message.h"
#include "eval/metrics/answer_metrics.h"
#include "eval/metrics/finding_metrics.h"
#include "eval/metrics/judge_metrics.h"
#include "eval/metrics/trust_metrics.h"
#include "index/analyzer.h"

namespace saseo::eval {
namespace {

using Values = std::map<std::string, double>;

// What a corpus score is made of, by slice and contestant.
struct CorpusCounts {
  BleuCounts bleu;
  ChrfCounts chrf;
  std::size_t answers = 0;
};

class Evaluator {
 public:
  Evaluator(const RunStore& run, const EvaluateOptions& options) : run_(run), options_(options) {}
  Result<Evaluation> evaluate();

 private:
  Status read();
  Status choose_contestants();
  void score(QuestionOutcome& outcome);
  void count(Contestant& contestant, const RecordedAnswer& answer) const;
  Status add_judge();
  void add_metrics();
  void add_corpus_scores();
  void add_signatures();
  void add_warnings();

  const RunStore& run_;
  const EvaluateOptions& options_;
  Evaluation evaluation_;
  Analyzer analyzer_;
  std::map<std::pair<Slice, std::string>, CorpusCounts> corpus_;
  std::size_t embedding_failures_ = 0;
};

Status Evaluator::choose_contestants() {
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredContestant> stored, run_.contestants());
  const auto add = [&](const StoredContestant& contestant) {
    evaluation_.contestants.push_back(
        {contestant.name, contestant.description, contestant.model_bytes, 0, 0, 0});
  };
  if (options_.contestants.empty()) {
    for (const StoredContestant& contestant : stored) add(contestant);
    return {};
  }
  for (const std::string& name : options_.contestants) {
    const auto found = std::ranges::find(stored, name, &StoredContestant::name);
    if (found == stored.end()) {
      std::string there;
      for (const StoredContestant& contestant : stored)
        there += (there.empty() ? "" : ", ") + contestant.name;
      return make_error(ErrorCode::kNotFound, "the run has no contestant {}; it has {}",
                        "실행 기록에 {} 참가자가 없습니다. 있는 참가자: {}", name, there);
    }
    add(*found);
  }
  return {};
}

Status Evaluator::read() {
  SASEO_ASSIGN_OR_RETURN(const RunInfo info, run_.info());
  evaluation_.set_name = info.set_name;
  evaluation_.set_hash = info.set_hash;
  evaluation_.library = info.library;
  evaluation_.index_hash = info.index_hash;
  evaluation_.created = info.created;
  evaluation_.saseo_version = info.saseo_version;
  evaluation_.machine = info.machine;
  evaluation_.draft = info.draft;
  evaluation_.warnings = info.warnings;
  SASEO_RETURN_IF_ERROR(choose_contestants());
  SASEO_ASSIGN_OR_RETURN(std::vector<Question> questions, run_.questions());
  std::map<std::string, std::size_t> places;
  for (Question& question : questions) {
    if (!options_.split.empty() && question.split != options_.split) continue;
    places[question.id] = evaluation_.outcomes.size();
    evaluation_.outcomes.push_back({std::move(question), {}, {}});
  }
  SASEO_ASSIGN_OR_RETURN(std::vector<RecordedAnswer> answers, run_.answers());
  for (RecordedAnswer& answer : answers) {
    const auto place = places.find(answer.question_id);
    if (place == places.end()) continue;
    const bool wanted = std::ranges::any_of(
        evaluation_.contestants,
        [&](const Contestant& contestant) { return contestant.name == answer.contestant; });
    if (wanted) {
      std::string name = answer.contestant;
      evaluation_.outcomes[place->second].answers.emplace(std::move(name), std::move(answer));
    }
  }
  return {};
}

void Evaluator::count(Contestant& contestant, const RecordedAnswer& answer) const {
  if (answer.error) {
    ++contestant.failed;
  } else if (answer.refused) {
    ++contestant.refused;
  } else if (!answer.searched_only) {
    ++contestant.answered;
  }
}

void Evaluator::score(QuestionOutcome& outcome) {
  for (Contestant& contestant : evaluation_.contestants) {
    const auto found = outcome.answers.find(contestant.name);
    if (found == outcome.answers.end()) continue;
    const RecordedAnswer& answer = found->second;
    count(contestant, answer);
    Values& values = outcome.values[contestant.name];
    if (answer.error) continue;
    values.merge(finding_metrics(outcome.question, answer));
    values.merge(cost_metrics(answer.cost));
    if (answer.searched_only) continue;
    values.merge(trust_metrics(outcome.question, answer));
    AnswerScores scores = score_answer(outcome.question, answer.plain_text, answer.refused,
                                       outcome.question.language, {&analyzer_, options_.embedder});
    values.merge(scores.values);
    embedding_failures_ += scores.embedding_error.has_value();
    if (!scores.bleu || !scores.chrf) continue;
    for (const Slice& slice :
         {Slice{}, Slice{std::string(language_code(outcome.question.language)), ""}}) {
      CorpusCounts& counts = corpus_[{slice, contestant.name}];
      counts.bleu += *scores.bleu;
      counts.chrf += *scores.chrf;
      ++counts.answers;
    }
  }
}

Status Evaluator::add_judge() {
  SASEO_ASSIGN_OR_RETURN(const RunInfo info, run_.info());
  if (info.judge_identity.empty()) return {};
  SASEO_ASSIGN_OR_RETURN(const auto judgements, run_.judgements());
  IntervalOptions intervals;
  intervals.resamples = options_.compare.resamples;
  intervals.seed = options_.compare.seed;
  evaluation_.judge = add_judge_values(evaluation_.outcomes, evaluation_.contestants, info.judge,
                                       info.judge_identity, judgements, intervals);
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredContestant> contestants, run_.contestants());
  for (Message& warning : judge_warnings(*evaluation_.judge, info, contestants))
    evaluation_.warnings.push_back(std::move(warning));
  return {};
}

void Evaluator::add_metrics() {
  std::set<std::string> used;
  for (const QuestionOutcome& outcome : evaluation_.outcomes) {
    for (const auto& [contestant, values] : outcome.values) {
      for (const auto& [metric, value] : values) used.insert(metric);
    }
  }
  for (const MetricDefinition& metric : all_metric_definitions()) {
    if (used.contains(metric.name)) evaluation_.metrics.push_back(metric);
  }
}

// Of one language only: the two are cut into tokens differently.
void Evaluator::add_corpus_scores() {
  for (const auto& [key, counts] : corpus_) {
    const auto& [slice, contestant] = key;
    if (slice.language.empty() || counts.answers == 0) continue;
    evaluation_.corpus_scores.push_back(
        {"bleu", slice, contestant, bleu_score(counts.bleu, false)});
    evaluation_.corpus_scores.push_back({"chrf", slice, contestant, chrf_score(counts.chrf)});
  }
}

void Evaluator::add_signatures() {
  for (const Language language : {Language::kKorean, Language::kEnglish}) {
    std::optional<std::size_t> references;
    bool any = false, same = true;
    for (const QuestionOutcome& outcome : evaluation_.outcomes) {
      const std::size_t count = outcome.question.references.size();
      if (outcome.question.language != language || count == 0) continue;
      same = same && (!any || references == count);
      references = count;
      any = true;
    }
    if (!any) continue;
    if (!same) references.reset();
    for (const auto& [metric, signature] : answer_metric_signatures(language, references))
      evaluation_.signatures[metric + " (" + std::string(language_code(language)) + ")"] =
          signature;
  }
}

void Evaluator::add_warnings() {
  std::vector<Message>& warnings = evaluation_.warnings;
  const auto none = [&](const auto& lacks) {
    return std::ranges::all_of(evaluation_.outcomes, [&](const QuestionOutcome& outcome) {
      return lacks(outcome.question);
    });
  };
  if (none([](const Question& question) {
        return question.references.empty() && question.facts.empty();
      }))
    warnings.push_back(message(
        "The set has no reference answers and no facts: only what needs none is measured "
        "(finding, citations, refusals, language, cost).",
        "질문 세트에 모범 답안도 사실도 없어, 그것이 필요 없는 지표(찾기, 인용, 거절, 언어, "
        "비용)만 쟀습니다."));
  if (evaluation_.contestants.size() == 1)
    warnings.push_back(message("One contestant only: nothing is compared.",
                               "참가자가 하나뿐이라 비교는 하지 않습니다."));
  for (const Contestant& contestant : evaluation_.contestants) {
    const auto missing = static_cast<std::size_t>(
        std::ranges::count_if(evaluation_.outcomes, [&](const QuestionOutcome& outcome) {
          return !outcome.answers.contains(contestant.name);
        }));
    if (missing > 0)
      warnings.push_back(
          message("{}: {} of {} questions are not answered yet; the same evaluation once "
                  "more goes on there.",
                  "{}: 질문 {}/{}개에 아직 답이 없습니다. 같은 평가를 다시 실행하면 "
                  "이어서 합니다.",
                  contestant.name, missing, evaluation_.outcomes.size()));
    if (contestant.failed > 0)
      warnings.push_back(message("{} failed on {} questions; they count in no mean.",
                                 "{}: 질문 {}개에서 실패했습니다. 평균에 넣지 않았습니다.",
                                 contestant.name, contestant.failed));
  }
  const bool energy = std::ranges::any_of(
      evaluation_.metrics, [](const MetricDefinition& metric) { return metric.name == "joules"; });
  if (!energy)
    warnings.push_back(
        message("Energy was not measured: this machine does not report it, or only to "
                "the administrator.",
                "에너지는 재지 못했습니다. 이 기기가 알려 주지 않거나 관리자에게만 "
                "알려 줍니다."));
  if (embedding_failures_ > 0)
    warnings.push_back(
        message("The embedder failed on {} answers; embedding similarity lacks them.",
                "임베더가 답 {}개에서 실패해 임베딩 유사도에서 빠졌습니다.", embedding_failures_));
}

Result<Evaluation> Evaluator::evaluate() {
  SASEO_RETURN_IF_ERROR(read());
  for (QuestionOutcome& outcome : evaluation_.outcomes) score(outcome);
  SASEO_RETURN_IF_ERROR(add_judge());
  add_metrics();
  add_corpus_scores();
  add_signatures();
  add_warnings();
  Compared compared =
      compare(evaluation_.outcomes, evaluation_.metrics, evaluation_.contestants, options_.compare);
  evaluation_.summaries = std::move(compared.summaries);
  evaluation_.comparisons = std::move(compared.comparisons);
  for (Message& warning : compared.warnings) evaluation_.warnings.push_back(std::move(warning));
  evaluation_.verdicts = verdicts_of(evaluation_, options_.verdict);
  return std::move(evaluation_);
}

}  // namespace

Result<Evaluation> evaluate(const RunStore& run, const EvaluateOptions& options) {
  return Evaluator(run, options).evaluate();
}

const std::vector<MetricDefinition>& all_metric_definitions() {
  static const std::vector<MetricDefinition> definitions = [] {
    std::vector<MetricDefinition> all;
    for (const auto* group :
         {&answer_metric_definitions(), &finding_metric_definitions(), &trust_metric_definitions(),
          &judge_metric_definitions(), &cost_metric_definitions()})
      all.insert(all.end(), group->begin(), group->end());
    return all;
  }();
  return definitions;
}

}  // namespace saseo::eval
