#include "app/evaluation/reports.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "base/message.h"
#include "app/evaluation/runs.h"
#include "eval/report/report_csv.h"
#include "eval/report/report_html.h"
#include "eval/report/report_json.h"
#include "eval/report/report_junit.h"
#include "eval/report/report_markdown.h"
#include "eval/run/evaluate.h"
#include "eval/run/library_embedder.h"
#include "eval/statistics/compare.h"

namespace saseo::app {
namespace {

constexpr std::string_view kEndings[] = {".html", ".md", ".json", ".csv", ".xml"};
constexpr const char* kEarlier = "baseline";

std::string ending_of(const std::string& file) {
  return std::filesystem::path(file).extension().string();
}

Result<eval::Evaluation> read_baseline(const std::string& text) {
  if (text.ends_with(".json")) {
    SASEO_ASSIGN_OR_RETURN(const std::string json, read_file(text));
    return eval::parse_json_report(json, text);
  }
  SASEO_ASSIGN_OR_RETURN(const eval::RunStore run, eval::RunStore::open(run_path(text)));
  return eval::evaluate(run);
}

// Each contestant beside its former self: "baseline" first, so that what was gained is positive.
std::vector<eval::Comparison> gained(const eval::Evaluation& before, const eval::Evaluation& now) {
  std::vector<eval::Comparison> comparisons;
  for (const eval::Contestant& contestant : now.contestants) {
    std::vector<eval::QuestionOutcome> outcomes;
    for (const eval::QuestionOutcome& outcome : now.outcomes) {
      const auto earlier =
          std::ranges::find_if(before.outcomes, [&](const eval::QuestionOutcome& candidate) {
            return candidate.question.id == outcome.question.id;
          });
      if (earlier == before.outcomes.end() || !earlier->values.contains(contestant.name) ||
          !outcome.values.contains(contestant.name))
        continue;
      eval::QuestionOutcome pair{outcome.question, {}, {}};
      pair.values[kEarlier] = earlier->values.at(contestant.name);
      pair.values[contestant.name] = outcome.values.at(contestant.name);
      pair.answers[kEarlier] = earlier->answers.at(contestant.name);
      pair.answers[contestant.name] = outcome.answers.at(contestant.name);
      outcomes.push_back(std::move(pair));
    }
    if (outcomes.empty()) continue;
    eval::Contestant earlier = contestant;
    earlier.name = kEarlier;
    const eval::Compared compared = eval::compare(outcomes, now.metrics, {earlier, contestant});
    comparisons.insert(comparisons.end(), compared.comparisons.begin(), compared.comparisons.end());
  }
  return comparisons;
}

}  // namespace

Status check_report_options(const ReportOptions& options) {
  for (const std::string& file : options.files) {
    if (std::ranges::find(kEndings, ending_of(file)) == std::ranges::end(kEndings))
      return make_error(ErrorCode::kInvalidArgument,
                        "{}: a report ends in .html, .md, .json, .csv or .xml (JUnit)",
                        "{}: 보고서 이름은 .html, .md, .json, .csv, .xml(JUnit) 가운데 하나로 "
                        "끝나야 합니다",
                        file);
  }
  if (options.fail_on_regression && options.baseline.empty())
    return make_error(ErrorCode::kInvalidArgument, "--fail-on-regression needs --baseline RUN",
                      "--fail-on-regression에는 --baseline RUN이 필요합니다");
  if (!options.fail_under.empty()) {
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const auto conditions,
                           eval::parse_gate_conditions(options.fail_under));
  }
  if (options.baseline.empty()) return {};
  if (options.baseline.ends_with(".json")) {
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const std::string json, read_file(options.baseline));
    return {};
  }
  SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const eval::RunStore run,
                         eval::RunStore::open(run_path(options.baseline)));
  return {};
}

Result<std::vector<eval::GateResult>> check_gates(const ReportOptions& options,
                                                  const eval::Evaluation& evaluation) {
  std::vector<eval::GateResult> results;
  if (!options.fail_under.empty()) {
    SASEO_ASSIGN_OR_RETURN(const std::vector<eval::GateCondition> conditions,
                           eval::parse_gate_conditions(options.fail_under));
    SASEO_ASSIGN_OR_RETURN(results, eval::check_conditions(conditions, evaluation));
  }
  if (!options.baseline.empty() && options.fail_on_regression) {
    SASEO_ASSIGN_OR_RETURN(const eval::Evaluation before, read_baseline(options.baseline));
    for (eval::GateResult& result :
         eval::check_regressions(gained(before, evaluation), evaluation.metrics))
      results.push_back(std::move(result));
  }
  return results;
}

Status write_reports(const std::vector<std::string>& files, const eval::Evaluation& evaluation,
                     const std::vector<eval::GateResult>& gates, Language language) {
  for (const std::string& file : files) {
    const std::string ending = ending_of(file);
    const std::string text = ending == ".html"   ? eval::html_report(evaluation, {language})
                             : ending == ".md"   ? eval::markdown_report(evaluation, {language})
                             : ending == ".json" ? eval::json_report(evaluation)
                             : ending == ".csv"  ? eval::csv_report(evaluation)
                                                 : eval::junit_report(evaluation, gates);
    SASEO_RETURN_IF_ERROR(write_file_atomically(file, text));
  }
  return {};
}

Result<FinishedEvaluation> finish_evaluation(const eval::RunStore& run, const ReportOptions& options,
                                             const std::string& split,
                                             const std::vector<std::string>& contestants,
                                             Language language) {
  eval::EvaluateOptions evaluating;
  evaluating.contestants = contestants;
  evaluating.split = split;
  SASEO_ASSIGN_OR_RETURN(const eval::RunInfo info, run.info());
  // The library that was asked, as long as it is the same.
  Result<eval::LibraryEmbedder> embedder =
      eval::LibraryEmbedder::open(info.library, info.index_hash);
  if (embedder.ok()) evaluating.embedder = &embedder->embedder();
  FinishedEvaluation finished;
  SASEO_ASSIGN_OR_RETURN(finished.evaluation, eval::evaluate(run, evaluating));
  if (!embedder.ok())
    finished.evaluation.warnings.push_back(say("Embedding similarity was left out: {}",
                                               "임베딩 유사도는 뺐습니다: {}",
                                               embedder.error().message));
  SASEO_ASSIGN_OR_RETURN(finished.gates, check_gates(options, finished.evaluation));
  SASEO_RETURN_IF_ERROR(
      write_reports(options.files, finished.evaluation, finished.gates, language));
  return finished;
}

}  // namespace saseo::app
