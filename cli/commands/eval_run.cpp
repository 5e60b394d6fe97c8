#include "cli/commands/eval_run.h"

#include "base/message.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/say.h"
#include "cli/views/eval_view.h"
#include "eval/report/report_json.h"

namespace saseo::cli {
namespace {

void show_progress(ProgressBar& bar, const eval::RunProgress& progress) {
  std::string text =
      say("{}  {}/{}", "{}  {}/{}", progress.contestant, progress.done, progress.all);
  if (progress.failed > 0) text += say(", {} failed", ", 실패 {}", progress.failed);
  if (progress.seconds_left && *progress.seconds_left >= 1) {
    const auto seconds = static_cast<long>(*progress.seconds_left);
    text += say("  {}:{:02} left", "  남은 시간 {}:{:02}", seconds / 60, seconds % 60);
  }
  bar.show_text(text);
}

}  // namespace

int run_eval(TerminalSession& session, const EvalArguments& arguments) {
  const bool json = arguments.json;
  if (const Status ready = app::check_report_options(arguments.report); !ready.ok())
    return session.fail(ready.error(), json);
  if (json) session.terminal.be_quiet();
  Interrupts interrupts;
  ProgressBar& bar = session.terminal.bar();
  const app::EvaluationObserver observer = {
      .on_ingest = [&](const IngestProgress& progress) { bar.show(progress); },
      .on_progress = [&](const eval::RunProgress& progress) { show_progress(bar, progress); }};
  const Result<app::EvaluationDone> done =
      app::run_evaluation(session, arguments.evaluation, observer, interrupts.token());
  bar.clear();
  if (!done.ok()) {
    const int code = session.fail(done.error(), json);
    return interrupts.requested() ? kExitInterrupted : code;
  }
  if (!json && !done->judge.empty())
    session.console.out.write(say("{}: {} verdicts given, {} kept from before.\n",
                                  "{}: 새로 판정 {}, 이전 판정 사용 {}.\n", done->judge,
                                  done->judged.computed, done->judged.reused));
  if (!json)
    session.console.out.write(
        say("{} questions: {} answers computed, {} kept from before. Run: "
            "{}\n\n",
            "질문 {}개: 새로 답함 {}, 이전 답 사용 {}. 실행 기록: {}\n\n", done->questions,
            done->asked.computed, done->asked.reused, done->file.string()));
  const int code =
      finish_eval(session, done->run, arguments.report, arguments.evaluation.split, {}, json);
  return code == kExitOk && done->asked.failed + done->judged.failed > 0 ? kExitInput : code;
}

int finish_eval(TerminalSession& session, const eval::RunStore& run,
                const app::ReportOptions& report, const std::string& split,
                const std::vector<std::string>& contestants, bool json) {
  const Result<app::FinishedEvaluation> finished =
      app::finish_evaluation(run, report, split, contestants, ui_language());
  if (!finished.ok()) return session.fail(finished.error(), json);
  Writer& out = session.console.out;
  if (json) {
    out.write_line(eval::json_report(finished->evaluation));
  } else {
    out.write(evaluation_view(finished->evaluation, session.console));
    for (const std::string& file : report.files)
      out.write(say("Report: {}\n", "보고서: {}\n", file));
  }
  for (const eval::GateResult& gate : finished->gates) {
    if (!json || !gate.passed)
      session.console.err.write_line(
          (gate.passed ? say("passed: ", "통과: ") : say("FAILED: ", "실패: ")) + gate.name + ": " +
          say(gate.message));
  }
  return eval::all_passed(finished->gates) ? kExitOk : kExitGate;
}

}  // namespace saseo::cli
