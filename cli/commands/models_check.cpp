#include "cli/commands/models_check.h"

#include <nlohmann/json.hpp>

#include "app/json/json.h"
#include "app/json/model_json.h"
#include "app/models/model_check.h"
#include "app/models/model_loading.h"
#include "base/message.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/say.h"

namespace saseo::cli {
namespace {

void show_finding(TerminalSession& session, const app::ModelFinding& finding) {
  Console& console = session.console;
  const bool good = finding.outcome == app::CheckOutcome::kGood;
  const bool skipped = finding.outcome == app::CheckOutcome::kSkipped;
  const Style style = good ? Style::kGood : skipped ? Style::kDim : Style::kError;
  const std::string words = skipped ? say("not tried: see above", "시험하지 않음: 위를 보세요")
                                    : without_controls(told(finding.words));
  console.out.write("  " +
                    console.out_style(style, good      ? "✔ "
                                             : skipped ? "- "
                                                       : "✘ ") +
                    padded(say(finding.title), 10) + wrap_text(words, console.width, 14) + "\n");
  console.out.flush();
}

}  // namespace

int check_model_command(TerminalSession& session, const std::string& model, bool json) {
  const Result<app::ModelReference> reference = app::find_model(session, model);
  if (!reference.ok()) return session.fail(reference.error(), json);
  const Interrupts interrupts;
  std::function<void(const app::ModelFinding&)> on_finding;
  if (json) {
    session.terminal.be_quiet();
  } else {
    const std::string name = reference->name.empty() ? "" : reference->name + "  ";
    session.console.out.write(session.console.out_style(Style::kBold, without_controls(name)) +
                              without_controls(reference->path.string()) + "\n");
    on_finding = [&](const app::ModelFinding& finding) { show_finding(session, finding); };
  }
  const Result<app::ModelCheck> checked =
      app::check_model(session, *reference, on_finding, interrupts.token());
  if (!checked.ok()) return session.fail(checked.error(), json);
  if (json) session.print_json(app::dump(app::model_check_json(*checked, wording())));
  return checked->first_fault ? exit_code_of(*checked->first_fault) : kExitOk;
}

}  // namespace saseo::cli
