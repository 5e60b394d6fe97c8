#include "app/evaluation/reports.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "app/evaluation/runs.h"
#include "cli/say.h"
#include "eval/report/report_csv.h"
#include "eval/report/report_html.h"
#include "eval/report/report_json.h"
#include "eval/report/report_junit.h"
#include "eval/report/report_markdown.h"
#include "eval/run/evaluate.h"
#include "eval/statistics/compare.h"

namespace saseo::cli {
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

void add_report_options(CLI::App& command, ReportArguments& arguments) {
  command
      .add_option("-o,--report", arguments.files,
                  say("Write a report: .html, .md, .json, .csv or .xml (JUnit); repeatable",
                      "보고서 쓰기: .html, .md, .json, .csv, .xml(JUnit). 여러 번 가능"))
      ->type_name("FILE");
  command
      .add_option("--baseline", arguments.baseline,
                  say("An earlier run, or its .json report, to compare with",
                      "비교할 이전 실행 기록 또는 그 .json 보고서"))
      ->type_name("RUN");
  command
      .add_option("--fail-under", arguments.fail_under,
                  say("Least means, such as facts=0.8,ko/facts=0.75: else exit code 6",
                      "최소 평균(예: facts=0.8,ko/facts=0.75). 못 미치면 종료 코드 6"))
      ->type_name("LIST");
  command.add_flag("--fail-on-regression", arguments.fail_on_regression,
                   say("Exit code 6 when a metric is significantly worse than in --baseline",
                       "--baseline보다 유의하게 나빠진 지표가 있으면 종료 코드 6"));
}

Status check_report_arguments(const ReportArguments& arguments) {
  for (const std::string& file : arguments.files) {
    if (std::ranges::find(kEndings, ending_of(file)) == std::ranges::end(kEndings))
      return make_error(ErrorCode::kInvalidArgument,
                        "{}: a report ends in .html, .md, .json, .csv or .xml (JUnit)",
                        "{}: 보고서 이름은 .html, .md, .json, .csv, .xml(JUnit) 가운데 하나로 "
                        "끝나야 합니다",
                        file);
  }
  if (arguments.fail_on_regression && arguments.baseline.empty())
    return make_error(ErrorCode::kInvalidArgument, "--fail-on-regression needs --baseline RUN",
                      "--fail-on-regression에는 --baseline RUN이 필요합니다");
  if (!arguments.fail_under.empty()) {
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const auto conditions,
                           eval::parse_gate_conditions(arguments.fail_under));
  }
  if (arguments.baseline.empty()) return {};
  if (arguments.baseline.ends_with(".json")) {
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const std::string json, read_file(arguments.baseline));
    return {};
  }
  SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const eval::RunStore run,
                         eval::RunStore::open(run_path(arguments.baseline)));
  return {};
}

Result<std::vector<eval::GateResult>> check_gates(const ReportArguments& arguments,
                                                  const eval::Evaluation& evaluation) {
  std::vector<eval::GateResult> results;
  if (!arguments.fail_under.empty()) {
    SASEO_ASSIGN_OR_RETURN(const std::vector<eval::GateCondition> conditions,
                           eval::parse_gate_conditions(arguments.fail_under));
    SASEO_ASSIGN_OR_RETURN(results, eval::check_conditions(conditions, evaluation));
  }
  if (!arguments.baseline.empty() && arguments.fail_on_regression) {
    SASEO_ASSIGN_OR_RETURN(const eval::Evaluation before, read_baseline(arguments.baseline));
    for (eval::GateResult& result :
         eval::check_regressions(gained(before, evaluation), evaluation.metrics))
      results.push_back(std::move(result));
  }
  return results;
}

Status write_reports(const std::vector<std::string>& files, const eval::Evaluation& evaluation,
                     const std::vector<eval::GateResult>& gates) {
  for (const std::string& file : files) {
    const std::string ending = ending_of(file);
    const Language language = ui_language();
    const std::string text = ending == ".html"   ? eval::html_report(evaluation, {language})
                             : ending == ".md"   ? eval::markdown_report(evaluation, {language})
                             : ending == ".json" ? eval::json_report(evaluation)
                             : ending == ".csv"  ? eval::csv_report(evaluation, language)
                                                 : eval::junit_report(evaluation, gates, language);
    SASEO_RETURN_IF_ERROR(write_file_atomically(file, text));
  }
  return {};
}

}  // namespace saseo::cli
