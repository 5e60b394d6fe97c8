#include "cli/commands/models_prepack.h"

#include <chrono>

#include "base/files.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "app/json/json_output.h"
#include "app/models/model_loading.h"
#include "app/models/model_reading.h"
#include "cli/say.h"
#include "engine/model/prepacked.h"

namespace saseo::cli {
namespace fs = std::filesystem;
namespace {

struct Done {
  fs::path file;
  std::uint64_t bytes = 0;
  double seconds = 0;
};

Result<Done> write(Session& session, const ModelReference& reference, bool json) {
  const Interrupts interrupts;
  const auto start = std::chrono::steady_clock::now();
  SASEO_ASSIGN_OR_RETURN(const Model model, open_reference(session, reference));
  const std::vector<MappedFileGuard> guards = guards_of(model, reference.path);
  SASEO_RETURN_IF_ERROR(
      prepack_model(session, model, {.path = reference.path}, json, interrupts.token()));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return Done{prepacked_path(reference.path), prepacked_bytes(model), taken.count()};
}

Result<Done> remove_file(const ModelReference& reference) {
  Done done = {.file = prepacked_path(reference.path)};
  std::error_code failure;
  done.bytes = fs::file_size(done.file, failure);
  if (failure || !fs::remove(done.file, failure)) return io_error(done.file, failure.value());
  return done;
}

}  // namespace

int prepack_command(Session& session, const std::string& model, bool remove, bool json) {
  const Result<ModelReference> reference = find_model(session, model);
  if (!reference.ok()) return session.fail(reference.error(), json);
  const Result<Done> done = remove ? remove_file(*reference) : write(session, *reference, json);
  if (!done.ok()) return session.fail(done.error(), json);
  const std::string file = done->file.string();
  if (json) {
    session.print_json(dump({{"version", kJsonVersion},
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

void warn_of_prepacked(Session& session, const fs::path& model) {
  std::error_code failure;
  const fs::path file = prepacked_path(model);
  const std::uintmax_t bytes = fs::file_size(file, failure);
  if (!failure)
    session.warn(say("its prepacked weights stay: {} ({})", "재배열 파일은 남습니다: {} ({})",
                     file.string(), format_bytes(bytes)));
}

}  // namespace saseo::cli
