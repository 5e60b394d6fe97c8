#include "cli/commands/models_prepack.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "app/json/json.h"
#include "app/models/model_loading.h"
#include "app/models/model_reading.h"
#include "app/models/prepacking.h"
#include "base/message.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/say.h"
#include "engine/model/prepacked.h"

namespace saseo::cli {

int prepack_command(TerminalSession& session, const std::string& model, bool remove, bool json) {
  const Result<app::ModelReference> reference = app::find_model(session, model);
  if (!reference.ok()) return session.fail(reference.error(), json);
  if (json) session.terminal.be_quiet();
  const Interrupts interrupts;
  const Result<app::PrepackedFile> done =
      remove ? app::remove_prepacked_file(*reference)
             : app::write_prepacked_file(session, *reference, interrupts.token());
  if (!done.ok()) return session.fail(done.error(), json);
  const std::string file = done->file.string();
  if (json) {
    session.print_json(app::dump({{"version", app::kJsonVersion},
                                  {"name", reference->name},
                                  {"path", file},
                                  {"bytes", done->bytes},
                                  {"removed", remove},
                                  {"seconds", done->seconds}}));
  } else if (remove) {
    session.console.out.write_line(say("deleted: {} ({})", "지웠습니다: {} ({})",
                                       without_controls(file), format_bytes(done->bytes)));
  } else {
    session.console.out.write_line(say("prepacked in {:.1f} s: {} ({}); starts map it from now on",
                                       "{:.1f}초 만에 저장했습니다: {} ({}). 이제부터 시작할 때 "
                                       "이 파일을 씁니다",
                                       done->seconds, without_controls(file),
                                       format_bytes(done->bytes)));
  }
  return kExitOk;
}

void warn_of_prepacked(TerminalSession& session, const std::filesystem::path& model) {
  if (const std::optional<app::PrepackedFile> found = app::prepacked_file_beside(model))
    session.warn(message("its prepacked weights stay: {} ({})", "재배열 파일은 남습니다: {} ({})",
                         found->file.string(), format_bytes(found->bytes)));
}

}  // namespace saseo::cli
