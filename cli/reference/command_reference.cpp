#include "cli/reference/command_reference.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <array>
#include <utility>

#include "base/message.h"
#include "cli/terminal/say.h"

namespace saseo::cli {
namespace {

OptionReference reference_to_option(const CLI::Option& option) {
  OptionReference reference;
  for (const std::string& name : option.get_snames()) reference.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) reference.names.push_back("--" + name);
  const bool argument = option.get_positional() && !option.nonpositional();
  if (argument) reference.names.push_back(option.get_name(true));
  if (option.get_type_size_max() != 0) reference.value = option.get_type_name();
  reference.description = option.get_description();
  if (!argument) reference.group = option.get_group();
  reference.repeatable = option.get_type_size_max() != 0 && option.get_expected_max() > 1;
  reference.required = option.get_required();
  return reference;
}

CommandReference reference_to_command(const CLI::App& command, const std::string& before) {
  CommandReference reference;
  reference.name = command.get_name();
  reference.path = before.empty() ? reference.name : before + " " + reference.name;
  reference.description = command.get_description();
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty() || option == command.get_help_ptr()) continue;
    OptionReference made = reference_to_option(*option);
    (made.group.empty() ? reference.arguments : reference.options).push_back(std::move(made));
  }
  for (const CLI::App* part : command.get_subcommands({})) {
    if (!part->get_group().empty())
      reference.commands.push_back(reference_to_command(*part, reference.path));
  }
  return reference;
}

// By the first word of a value's name: "FILE" of "FILE.png".
constexpr std::array<std::pair<std::string_view, ValueKind>, 5> kValueKinds = {{
    {"FILE", ValueKind::kFile},
    {"PATH", ValueKind::kFile},
    {"DIR", ValueKind::kFolder},
    {"MODEL", ValueKind::kModel},
    {"RUN", ValueKind::kRun},
}};

}  // namespace

ValueKind OptionReference::kind() const {
  if (value.find('|') != std::string::npos) return ValueKind::kChoice;
  if (value == "MODEL,...") return ValueKind::kModels;
  const std::string_view word = std::string_view(value).substr(0, value.find('.'));
  const auto known =
      std::ranges::find(kValueKinds, word, &std::pair<std::string_view, ValueKind>::first);
  return known == kValueKinds.end() ? ValueKind::kText : known->second;
}

std::vector<std::string> OptionReference::choices() const {
  std::vector<std::string> found;
  if (kind() != ValueKind::kChoice) return found;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find('|', begin), value.size());
    found.push_back(value.substr(begin, end - begin));
    begin = end + 1;
  }
  return found;
}

CommandReference read_commands(const CLI::App& program) {
  return reference_to_command(program, "");
}

std::string own_options_group() { return say("Options", "옵션"); }

std::string usage_of(const CommandReference& command) {
  std::string usage = command.path;
  if (command.takes_options()) usage += say(" [OPTIONS]", " [옵션]");
  for (const OptionReference& argument : command.arguments) {
    const std::string word = argument.value + (argument.repeatable ? "..." : "");
    usage += argument.required ? " " + word : " [" + word + "]";
  }
  return usage;
}

}  // namespace saseo::cli
