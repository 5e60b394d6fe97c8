// Completions of bash and zsh. Both walk the words that are there down the commands; behind an
// option they offer what its value is, else the command's options, or what its arguments are.
#include <algorithm>
#include <set>
#include <string>

#include "cli/reference/command_reference.h"

namespace saseo::cli {
namespace {

// Names that `saseo models list` and `saseo eval list` give, one a line.
constexpr const char* kShellModels =
    "saseo models list 2>/dev/null | sed -n 's/^[* ] \\([^ ][^ ]*\\)  .*/\\1/p'";
constexpr const char* kShellRuns =
    "saseo eval list 2>/dev/null | sed -n '2,$s/^  \\([^ ]*\\)  .*/\\1/p'";
// Contestants of an evaluation that are no model files.
constexpr const char* kShellContestants = "extractive extractive-sentences echo-top-section search";

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string command_names(const CommandReference& command) {
  std::vector<std::string> names;
  for (const CommandReference& part : command.commands) names.push_back(part.name);
  return joined_words(names);
}

template <typename Visit>
void visit_commands(const CommandReference& command, const Visit& visit) {
  visit(command);
  for (const CommandReference& part : command.commands) visit_commands(part, visit);
}

// What bash offers for a value, as an assignment to COMPREPLY.
std::string bash_offer(ValueKind kind, const std::string& choices) {
  const auto offer = [](const std::string& what) {
    return "mapfile -t COMPREPLY < <(compgen " + what + " -- \"$cur\")";
  };
  switch (kind) {
    case ValueKind::kChoice:
      return offer("-W \"" + choices + "\"");
    case ValueKind::kFile:
      return offer("-f");
    case ValueKind::kFolder:
      return offer("-d");
    case ValueKind::kModel:
      return offer("-W \"extractive $(_saseo_models)\" -f");
    case ValueKind::kModels:
      return "mapfile -t COMPREPLY < <(compgen -W \"" + std::string(kShellContestants) +
             " $(_saseo_models)\" -f -- \"${cur##*,}\")";
    case ValueKind::kRun:
      return offer("-W \"$(_saseo_runs)\" -f");
    case ValueKind::kText:
      return "COMPREPLY=()";
  }
  return "COMPREPLY=()";
}

std::string bash_offer(const OptionReference& option) {
  return bash_offer(option.kind(), joined_words(option.choices()));
}

// The cases for the values of a command's options; `path` may be a pattern.
void write_bash_values(const std::string& path, const std::vector<OptionReference>& options,
                       std::string& out) {
  for (const OptionReference& option : options) {
    if (option.value.empty()) continue;
    std::string patterns;
    for (const std::string& name : option.names)
      patterns += (patterns.empty() ? "" : "|") + path + "\" " + name + "\"";
    out += "    " + patterns + ") " + bash_offer(option) + "; return ;;\n";
  }
}

void write_bash_words(const CommandReference& command, const std::string& everywhere,
                      std::string& out) {
  std::string words;
  for (const OptionReference& option : command.options) words += option.names.back() + " ";
  out += "    \"" + command.path + "\")\n      words=\"" + words + everywhere + "\"\n";
  std::string offers = command_names(command);
  if (!offers.empty() && command.arguments.empty())
    out += "      [[ $cur == -* ]] || words=\"" + offers + "\"\n";
  for (const OptionReference& argument : command.arguments) {
    if (argument.kind() == ValueKind::kText) break;
    out += "      if [[ $cur != -* ]]; then\n        " + bash_offer(argument) + "\n";
    if (!offers.empty())
      out += "        mapfile -O ${#COMPREPLY[@]} -t COMPREPLY < <(compgen -W \"" + offers +
             "\" -- \"$cur\")\n";
    out += "        return\n      fi\n";
    break;
  }
  out += "      ;;\n";
}

// A description between [ and ] of zsh's _arguments, inside single quotes.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      escaped += std::string("\\") + c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string zsh_action(const OptionReference& option) {
  switch (option.kind()) {
    case ValueKind::kChoice:
      return "(" + joined_words(option.choices()) + ")";
    case ValueKind::kFile:
      return "_files";
    case ValueKind::kFolder:
      return "_files -/";
    case ValueKind::kModel:
      return "_saseo_model";
    case ValueKind::kModels:
      return "_saseo_contestant";
    case ValueKind::kRun:
      return "_saseo_run";
    case ValueKind::kText:
      return "";
  }
  return "";
}

std::string zsh_spec(const OptionReference& option) {
  const std::string value =
      option.value.empty() ? "" : ":" + zsh_text(option.value) + ":" + zsh_action(option);
  const std::string text = "'[" + zsh_text(option.description) + "]" + value + "'";
  const std::string names = joined_words(option.names);
  const std::string before = option.repeatable ? "'*'" : "'(" + names + ")'";
  if (option.names.size() == 1) return (option.repeatable ? "'*'" : "") + option.names[0] + text;
  std::string list;
  for (const std::string& name : option.names) list += (list.empty() ? "" : ",") + name;
  return before + "{" + list + "}" + text;
}

std::string zsh_function(const CommandReference& command) {
  std::string name = "_" + command.path + (command.path == "saseo" ? "_program" : "");
  std::ranges::replace(name, ' ', '_');
  return name;
}

void write_zsh_command(const CommandReference& command, bool outermost, std::string& out) {
  const std::string continued = " \\\n    ";
  out += "\n" + zsh_function(command) + "() {\n";
  out += command.commands.empty() ? "" : "  local context state line\n";
  out += "  _arguments" + std::string(command.commands.empty() ? "" : " -C") + " $everywhere";
  for (const OptionReference& option : outermost ? std::vector<OptionReference>() : command.options)
    out += continued + zsh_spec(option);
  if (command.commands.empty()) {
    int place = 1;
    for (const OptionReference& argument : command.arguments) {
      const std::string where = argument.repeatable ? "*" : std::to_string(place++);
      out += continued + "'" + where + ":" + zsh_text(argument.value) + ":" + zsh_action(argument) +
             "'";
    }
    out += "\n}\n";
    return;
  }
  std::string names;
  for (const CommandReference& part : command.commands)
    names += (names.empty() ? "" : " ") + part.name + "\\:\"" + zsh_text(part.description) + "\"";
  if (command.arguments.empty()) {
    out += continued + "'1:command:((" + names + "))'";
  } else {
    out += continued + "'1:command:{_alternative \"commands:command:((" + command_names(command) +
           "))\" \"files:file:_files\"}'";
  }
  out +=
      continued + "'*::argument:->rest'\n  [[ $state == rest ]] || return 0\n  case $line[1] in\n";
  for (const CommandReference& part : command.commands)
    out += "    " + part.name + ") " + zsh_function(part) + " ;;\n";
  out += "  esac\n}\n";
}

}  // namespace

std::string reference_as_bash(const CommandReference& program) {
  std::string everywhere = "--help";
  for (const OptionReference& option : program.options) everywhere += " " + option.names.back();
  std::string out = "# bash completion for saseo, made by the program: saseo reference bash\n";
  out += "_saseo_models() { " + std::string(kShellModels) + "; }\n";
  out += "_saseo_runs() { " + std::string(kShellRuns) + "; }\n\n";
  out +=
      "_saseo() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local command=saseo words= i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case \"$command ${COMP_WORDS[i]}\" in\n";
  visit_commands(program, [&](const CommandReference& command) {
    if (command.path != program.path)
      out += "      \"" + command.path + "\") command=\"" + command.path + "\" ;;\n";
  });
  out += "    esac\n  done\n\n  case \"$command $prev\" in\n";
  visit_commands(program, [&](const CommandReference& command) {
    if (command.path != program.path)
      write_bash_values("\"" + command.path + "\"", command.options, out);
  });
  write_bash_values("*", program.options, out);
  out += "  esac\n\n  case $command in\n";
  visit_commands(program, [&](const CommandReference& command) {
    if (command.path == program.path) {
      out += "    \"saseo\") words=\"" + command_names(command) + " " + everywhere + "\" ;;\n";
    } else {
      write_bash_words(command, everywhere, out);
    }
  });
  out +=
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
      "}\n"
      "complete -o filenames -F _saseo saseo\n";
  return out;
}

std::string reference_as_zsh(const CommandReference& program) {
  std::string out =
      "#compdef saseo\n# zsh completion for saseo, made by the program: saseo reference zsh\n\n";
  out += "local -a everywhere\neverywhere=(\n  '(-h --help)'{-h,--help}'[" + std::string("help") +
         "]'\n";
  for (const OptionReference& option : program.options) out += "  " + zsh_spec(option) + "\n";
  out += ")\n\n_saseo_model() {\n  local -a names\n  names=(extractive ${(f)\"$(" +
         std::string(kShellModels) +
         ")\"})\n  _alternative 'models:model:compadd -a names' 'files:file:_files'\n}\n";
  out += "\n_saseo_contestant() {\n  local -a names\n  names=(" + std::string(kShellContestants) +
         " ${(f)\"$(" + kShellModels +
         ")\"})\n  _alternative 'models:contestant:_values -s , contestant $names' "
         "'files:file:_files'\n}\n";
  out += "\n_saseo_run() {\n  local -a names\n  names=(${(f)\"$(" + std::string(kShellRuns) +
         ")\"})\n  _alternative 'runs:run:compadd -a names' 'files:file:_files'\n}\n";
  visit_commands(program, [&](const CommandReference& command) {
    write_zsh_command(command, command.path == program.path, out);
  });
  return out + "\n" + zsh_function(program) + " \"$@\"\n";
}

}  // namespace saseo::cli
