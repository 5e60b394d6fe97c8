#include "cli/arguments/report_arguments.h"

#include <CLI/App.hpp>

#include "base/message.h"
#include "cli/terminal/say.h"

namespace saseo::cli {

void add_report_options(CLI::App& command, app::ReportOptions& arguments) {
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

}  // namespace saseo::cli
