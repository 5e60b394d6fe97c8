// The sections of saseo(1) that are made from the commands, in the macros of man(7).
#include <algorithm>
#include <set>
#include <string>

#include "base/message.h"
#include "cli/reference/command_reference.h"
#include "cli/terminal/say.h"

namespace saseo::cli {
namespace {

// Text that roff prints as it is.
std::string roff_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  const bool looks_like_request = escaped.starts_with('.') || escaped.starts_with('\'');
  return looks_like_request ? "\\&" + escaped : escaped;
}

std::string roff_names(const OptionReference& option) {
  std::string names;
  for (const std::string& name : option.names)
    names += (names.empty() ? "\\fB" : ", \\fB") + roff_text(name) + "\\fR";
  if (!option.value.empty()) names += " \\fI" + roff_text(option.value) + "\\fR";
  return names;
}

std::string roff_entry(const OptionReference& option) {
  return ".TP\n" + roff_names(option) + "\n" + roff_text(option.description) + "\n";
}

// The groups of options that several commands share, in the order in which they come up, with the
// options of all of them.
struct SharedGroup {
  std::string name;
  std::vector<OptionReference> options;
};

void collect_groups(const CommandReference& command, std::vector<SharedGroup>& groups) {
  for (const OptionReference& option : command.options) {
    if (option.group == own_options_group()) continue;
    auto group = std::ranges::find(groups, option.group, &SharedGroup::name);
    if (group == groups.end()) group = groups.insert(groups.end(), {option.group, {}});
    if (std::ranges::find(group->options, option.names, &OptionReference::names) ==
        group->options.end())
      group->options.push_back(option);
  }
  for (const CommandReference& part : command.commands) collect_groups(part, groups);
}

void write_command(const CommandReference& command, std::string& out) {
  if (!command.arguments.empty() || !command.options.empty() || command.commands.empty()) {
    out += ".SS " + roff_text(usage_of(command)) + "\n" + roff_text(command.description) + "\n";
    for (const OptionReference& argument : command.arguments)
      out += ".TP\n\\fI" + roff_text(argument.value) + "\\fR\n" + roff_text(argument.description) +
             "\n";
    std::set<std::string> elsewhere;
    for (const OptionReference& option : command.options) {
      if (option.group == own_options_group()) {
        out += roff_entry(option);
      } else {
        elsewhere.insert(option.group);
      }
    }
    for (const std::string& group : elsewhere)
      out +=
          ".PP\n" + roff_text(say("{} are described below.", "{}: 아래를 보십시오.", group)) + "\n";
  }
  for (const CommandReference& part : command.commands) write_command(part, out);
}

}  // namespace

std::string synopsis_as_roff(const CommandReference& program) {
  std::string out = ".SH " + say("SYNOPSIS", "개요") + "\n.nf\n";
  const auto write = [&](const auto& self, const CommandReference& command) -> void {
    if (command.commands.empty() || !command.arguments.empty())
      out += roff_text(usage_of(command)) + "\n";
    for (const CommandReference& part : command.commands) self(self, part);
  };
  for (const CommandReference& command : program.commands) write(write, command);
  return out + ".fi\n";
}

std::string commands_as_roff(const CommandReference& program) {
  std::string out = ".SH " + say("COMMANDS", "명령") + "\n";
  for (const CommandReference& command : program.commands) write_command(command, out);
  std::vector<SharedGroup> groups;
  for (const CommandReference& command : program.commands) collect_groups(command, groups);
  for (const SharedGroup& group : groups) {
    out += ".SH " + roff_text(group.name) + "\n";
    for (const OptionReference& option : group.options) out += roff_entry(option);
  }
  out += ".SH " + say("Options of every command", "모든 명령의 옵션") + "\n";
  for (const OptionReference& option : program.options) out += roff_entry(option);
  return out;
}

}  // namespace saseo::cli
