// saseo reference: the command line in the forms that are made from it. Not shown in help; the
// build makes the manual page and the completions with it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/reference/command_reference.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/say.h"

namespace saseo::cli {
namespace {

struct ReferenceForm {
  const char* name;
  std::string (*text)(const CommandReference&);
};
constexpr ReferenceForm kReferenceForms[] = {{"synopsis", synopsis_as_roff},
                                             {"commands", commands_as_roff},
                                             {"markdown", reference_as_markdown},
                                             {"bash", reference_as_bash},
                                             {"zsh", reference_as_zsh}};

}  // namespace

void add_reference_command(CLI::App& program, Run& run) {
  auto form = std::make_shared<std::string>();
  CLI::App* command = program.add_subcommand(
      "reference", say("The command line as sections of a manual page, a table or a completion",
                       "명령줄 설명을 매뉴얼의 절, 표, 자동 완성으로 출력"));
  std::vector<std::string> names;
  for (const ReferenceForm& known : kReferenceForms) names.emplace_back(known.name);
  command->add_option("form", *form, say("What to print", "출력할 형식"))
      ->type_name("FORM")
      ->required()
      ->check(CLI::IsMember(names));
  command->callback([&program, form, &run] {
    // Made here: the program's options are gone when `run` runs.
    const auto chosen = std::ranges::find(
        kReferenceForms, *form, [](const ReferenceForm& known) { return std::string(known.name); });
    std::string text = chosen->text(read_commands(program));
    run = [text = std::move(text)](TerminalSession& session) {
      session.console.out.write(text);
      return kExitOk;
    };
  });
}

}  // namespace saseo::cli
