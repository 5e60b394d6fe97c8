#include "eval/report/report_junit.h"

#include <fmt/format.h>

#include <algorithm>

#include "eval/report/markup.h"
#include "eval/report/view.h"

namespace saseo::eval {

std::string junit_report(const Evaluation& evaluation, const std::vector<GateResult>& gates,
                         Language language) {
  std::string gate_cases, failed_cases;
  for (const GateResult& gate : gates) {
    gate_cases += fmt::format("    <testcase classname=\"gate\" name=\"{}\">", escape(gate.name));
    gate_cases +=
        gate.passed ? fmt::format("<system-out>{}</system-out>", escape(gate.message.in(language)))
                    : fmt::format("<failure message=\"{}\"/>", escape(gate.message.in(language)));
    gate_cases += "</testcase>\n";
  }
  std::size_t errors = 0;
  for (const QuestionOutcome& outcome : evaluation.outcomes) {
    for (const Contestant& contestant : evaluation.contestants) {
      const RecordedAnswer* answer = EvaluationView::answer(outcome, contestant.name);
      if (answer == nullptr || !answer->error) continue;
      ++errors;
      failed_cases += fmt::format(
          "    <testcase classname=\"question.{}\" name=\"{}\"><error "
          "message=\"{}\"/></testcase>\n",
          escape(contestant.name), escape(outcome.question.id),
          escape(answer->error->in(language)));
    }
  }
  const auto failures = std::ranges::count(gates, false, &GateResult::passed);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"saseo eval\" tests=\"{0}\" failures=\"{1}\" errors=\"{2}\">\n"
      "  <testsuite name=\"gate\" tests=\"{3}\" failures=\"{1}\" errors=\"0\">\n{4}  </testsuite>\n"
      "  <testsuite name=\"question\" tests=\"{2}\" failures=\"0\" errors=\"{2}\">\n{5}"
      "  </testsuite>\n</testsuites>\n",
      gates.size() + errors, failures, errors, gates.size(), gate_cases, failed_cases);
}

}  // namespace saseo::eval
