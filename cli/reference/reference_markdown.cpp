// The tables of docs/cli.md.
#include <string>

#include "base/message.h"
#include "cli/reference/command_reference.h"
#include "cli/terminal/say.h"

namespace saseo::cli {
namespace {

std::string markdown_cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

void write_option_row(const OptionReference& option, std::string& out) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "`" : ", `") + name + "`";
  if (!option.value.empty()) names += " " + markdown_cell(option.value);
  out += "| " + names + " | " + markdown_cell(option.description) + " |\n";
}

void write_argument_row(const OptionReference& argument, std::string& out) {
  out +=
      "| " + markdown_cell(argument.value) + " | " + markdown_cell(argument.description) + " |\n";
}

void write_table(const CommandReference& command, std::string& out) {
  if (!command.options.empty() || !command.arguments.empty() || command.commands.empty()) {
    out += "\n### " + usage_of(command) + "\n\n" + command.description + ".\n";
    if (!command.options.empty() || !command.arguments.empty()) out += "\n| | |\n|---|---|\n";
    for (const OptionReference& argument : command.arguments) write_argument_row(argument, out);
    for (const OptionReference& option : command.options) write_option_row(option, out);
  }
  for (const CommandReference& part : command.commands) write_table(part, out);
}

}  // namespace

std::string reference_as_markdown(const CommandReference& program) {
  std::string out =
      "\n### " + say("Every command takes", "모든 명령의 옵션") + "\n\n| | |\n|---|---|\n";
  for (const OptionReference& option : program.options) write_option_row(option, out);
  for (const CommandReference& command : program.commands) write_table(command, out);
  return out + "\n";
}

}  // namespace saseo::cli
