// The commands with their arguments and options, read off the one statement of them (what each
// command declares to CLI11). The manual page, the completions of bash and zsh and the tables of
// docs/cli.md are made from this, so that none of them can differ from what the program takes.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace saseo::cli {

// What a value is, as far as a shell can complete it.
enum class ValueKind { kText, kChoice, kFile, kFolder, kModel, kModels, kRun };

struct OptionReference {
  std::vector<std::string> names;  // "-q", "--quote"; of an argument, its name without dashes.
  std::string value;               // As help shows it: "FILE", "ko|en"; empty: a flag.
  std::string description;
  std::string group;  // The heading that help puts it under; empty of an argument.
  bool repeatable = false;
  bool required = false;

  ValueKind kind() const;
  std::vector<std::string> choices() const;  // Of kChoice: "ko", "en".
};

struct CommandReference {
  std::string name;  // "list"; the program's own is "saseo".
  std::string path;  // "saseo library list"
  std::string description;
  std::vector<OptionReference> arguments;
  std::vector<OptionReference> options;    // Without --help, which every command has.
  std::vector<CommandReference> commands;  // In the order in which help lists them.

  bool takes_options() const { return !options.empty(); }
};

// In the language in force. Hidden commands and options (of no group) are left out.
CommandReference read_commands(const CLI::App& program);

// "Options" in the language in force: the group of options that are a command's own.
std::string own_options_group();

// How a command is called: "saseo library set [OPTIONS] MANUAL".
std::string usage_of(const CommandReference& command);

// Texts made from it: the sections of the manual page in roff, tables for docs/cli.md, completions.
std::string synopsis_as_roff(const CommandReference& program);
std::string commands_as_roff(const CommandReference& program);
std::string reference_as_markdown(const CommandReference& program);
std::string reference_as_bash(const CommandReference& program);
std::string reference_as_zsh(const CommandReference& program);

}  // namespace saseo::cli
