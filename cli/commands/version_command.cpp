// saseo version: this program, its kernels, the library format, what it is linked with.
#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/json/json.h"
#include "app/settings/version.h"
#include "cli/commands/commands.h"
#include "cli/commands/version_info.h"
#include "cli/terminal/exit_code.h"
#include "engine/kernels/distance.h"
#include "engine/kernels/matmul.h"
#include "index/schema.h"

namespace saseo::cli {

void add_version_command(CLI::App& program, Run& run) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = program.add_subcommand(
      "version", say("Version, kernels, library format", "버전, 커널, 라이브러리 형식"));
  command->add_flag("-j,--json", *json, say("One JSON object", "JSON 객체 하나로 출력"));
  command->callback([json, &run] {
    run = [json](TerminalSession& session) {
      const auto dependencies = dependency_versions();
      if (*json) {
        app::Json versions = app::Json::object();
        for (const auto& [name, version] : dependencies) versions[name] = version;
        session.print_json(app::dump({{"version", app::kJsonVersion},
                                      {"saseo", app::version_number()},
                                      {"kernels", distance_kernel_name()},
                                      {"model_kernels", matmul_kernels().name},
                                      {"library_format", kSchemaVersion},
                                      {"dependencies", std::move(versions)}}));
        return kExitOk;
      }
      Writer& out = session.console.out;
      out.write_line(version_line());
      out.write_line(say("kernels {} (models {}), library format {}, JSON {}",
                         "커널 {}(모델 {}), 라이브러리 형식 {}, JSON {}", distance_kernel_name(),
                         matmul_kernels().name, kSchemaVersion, app::kJsonVersion));
      std::string line;
      for (const auto& [name, version] : dependencies)
        line += (line.empty() ? "" : ", ") + name + " " + version;
      out.write_line(wrap_text(line, session.console.width));
      return kExitOk;
    };
  });
}

}  // namespace saseo::cli
