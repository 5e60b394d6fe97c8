#include "cli/program/program.h"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstring>
#include <new>

#include "app/health/kernel_words.h"
#include "app/models/mapped_file_guard.h"
#include "base/files.h"
#include "cli/commands/commands.h"
#include "cli/commands/version_info.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/say.h"
#include "cli/terminal/terminal_session.h"

namespace saseo::cli {
namespace {

// The value of an option before the command line is parsed: help and errors speak its language.
std::optional<std::string> early_value(const std::vector<std::string>& arguments,
                                       const std::string& option) {
  for (std::size_t i = 1; i < arguments.size() && arguments[i] != "--"; ++i) {
    if (arguments[i] == option && i + 1 < arguments.size()) return arguments[i + 1];
    if (arguments[i].starts_with(option + "=")) return arguments[i].substr(option.size() + 1);
  }
  return std::nullopt;
}

bool has_json_flag(const std::vector<std::string>& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  return std::any_of(arguments.begin(), end, [](const std::string& argument) {
    return argument == "--json" || argument == "-j";
  });
}

void set_language(const app::GlobalFlags& flags) {
  const std::optional<std::string> named =
      flags.language ? flags.language : app::process_environment("SASEO_LANG");
  set_ui_language(named == "ko"   ? Language::kKorean
                  : named == "en" ? Language::kEnglish
                                  : ui_language_of_environment());
}

void translate_labels(CLI::App& program) {
  const auto formatter = program.get_formatter();
  if (ui_language() != Language::kKorean) {
    formatter->label("SUBCOMMAND", "COMMAND");
    formatter->label("Positionals", "Arguments");
  } else {
    formatter->label("Usage", "사용법");
    formatter->label("OPTIONS", "옵션");
    formatter->label("SUBCOMMAND", "명령");
    formatter->label("SUBCOMMANDS", "명령");
    formatter->label("Positionals", "인자");
    formatter->label("REQUIRED", "(필수)");
  }
  formatter->column_width(34);
}

std::string footer() {
  return say(
      "Examples:\n"
      "  saseo ingest manual.pdf\n"
      "  saseo ask \"How do I charge it wirelessly?\"\n"
      "  saseo search charging --json\n"
      "Exit codes: 0 done, 1 system (disk full), 2 usage, 3 bad input or no library,\n"
      "  4 not found in the manuals, 5 library damaged, locked or too new, 130 interrupted",
      "보기:\n"
      "  saseo ingest 설명서.pdf\n"
      "  saseo ask \"무선 충전은 어떻게 하나요?\"\n"
      "  saseo search 무선 충전 --json\n"
      "종료 코드: 0 완료, 1 시스템(디스크 가득 참 등), 2 사용법, 3 잘못된 입력 또는 라이브러리 "
      "없음,\n"
      "  4 설명서에서 찾지 못함, 5 라이브러리 손상·잠김·새 형식, 130 중단");
}

void add_global_options(CLI::App& program, app::GlobalFlags& flags) {
  program.set_help_flag("-h,--help", say("Show this help", "이 도움말 보기"));
  program
      .add_option("-L,--library", flags.library, say("Folder of the library", "라이브러리 폴더"))
      ->type_name("DIR");
  program.add_option("--lang", flags.language, say("Language of messages", "메시지의 언어"))
      ->type_name("ko|en");
  program.add_option("--config", flags.config, say("Configuration file", "설정 파일"))
      ->type_name("FILE");
  program.add_option("--color", flags.colour, say("Colours: on a terminal", "색: 터미널에서만"))
      ->type_name("auto|always|never");
  program
      .add_option("--profile", flags.profile,
                  say("Settings of search and passages", "검색과 대목 설정(프로필)"))
      ->type_name("NAME");
  program.set_version_flag(
      "-V,--version", [] { return version_line(); }, say("Show the version", "버전 보기"));
}

// CLI11 speaks English only; its kinds of error are told in the user's words.
Error usage_error(const CLI::ParseError& error) {
  const std::string what = error.what();
  const auto is = [&]<typename Kind>(const Kind*) {
    return dynamic_cast<const Kind*>(&error) != nullptr;
  };
  std::string korean = "명령줄이 맞지 않습니다";
  if (is(static_cast<CLI::ExtrasError*>(nullptr))) korean = "알 수 없는 인자나 옵션입니다";
  if (is(static_cast<CLI::RequiredError*>(nullptr))) korean = "필요한 인자나 명령이 빠졌습니다";
  if (is(static_cast<CLI::ArgumentMismatch*>(nullptr)))
    korean = "옵션의 값이 빠졌거나 너무 많습니다";
  if (is(static_cast<CLI::ConversionError*>(nullptr)) ||
      is(static_cast<CLI::ValidationError*>(nullptr)))
    korean = "옵션의 값이 맞지 않습니다";
  return make_error(ErrorCode::kInvalidArgument, "{0}; see saseo --help",
                    "{1} ({0}). saseo --help를 보세요", what, korean);
}

// Memory that is promised and not there when it is asked for.
Error out_of_memory() {
  return make_error(ErrorCode::kLimit,
                    "out of memory: close other programs, or take a smaller model, a smaller "
                    "--context or --kv q8_0",
                    "메모리가 부족합니다. 다른 프로그램을 닫거나, 더 작은 모델이나 더 작은 "
                    "--context, 또는 --kv q8_0을 쓰세요");
}

std::string cut_file_words(const std::filesystem::path& file) {
  return "\nsaseo: " +
         say("{} was cut short, or could not be read, while it was in use; saseo models check "
             "tells whether it is whole",
             "{}: 쓰고 있던 파일이 짧아졌거나 읽을 수 없게 되었습니다. saseo models check로 "
             "온전한지 확인하세요",
             clip(without_controls(file.string()), 600)) +
         "\n";
}

app::MappedFileFault mapped_file_fault() {
  return {.any_file = "\nsaseo: " +
                      say("a file was cut short, or could not be read, while it was in use; run "
                          "again when it is whole",
                          "쓰고 있던 파일이 짧아졌거나 읽을 수 없게 되었습니다. 파일이 온전해지면 "
                          "다시 실행하세요") +
                      "\n",
          .one_file = cut_file_words,
          .exit_code = kExitInput};
}

// A full disk or a closed descriptor is an error; a reader that has seen enough is not.
int finish(TerminalSession& session, int code) {
  session.console.out.flush();
  const int failure = session.console.out.failure();
  if (failure == 0 || failure == EPIPE) return code;
  session.console.err.write_line("saseo: " + say("cannot write the output: {}",
                                                 "출력을 쓸 수 없습니다: {}",
                                                 std::strerror(failure)));
  return kExitSystem;
}

struct ParsedLine {
  Run run;
  std::optional<int> exit_code;  // Help or version was shown, or the line is off.
};

ParsedLine parse(const std::vector<std::string>& arguments, app::GlobalFlags& flags,
                 TerminalSession& session) {
  CLI::App program(say("saseo: answers about device manuals, with sources",
                       "사서(saseo): 기기 설명서에 물으면 출처와 함께 답합니다"),
                   "saseo");
  translate_labels(program);
  program.option_defaults()->group(say("Options", "옵션"));  // Commands inherit it.
  add_global_options(program, flags);
  program.footer(footer());
  program.require_subcommand(1);
  ParsedLine parsed;
  for (const auto add :
       {add_ingest_command, add_ask_command, add_chat_command, add_search_command,
        add_library_command, add_models_command, add_eval_command, add_generate_command,
        add_tokenize_command, add_doctor_command, add_version_command, add_reference_command})
    add(program, parsed.run);
  for (CLI::App* command : program.get_subcommands({})) {
    command->fallthrough();
    command->footer("");
    // Whoever builds the program asks for the reference; help leaves it out.
    command->group(command->get_name() == "reference" ? "" : say("Commands", "명령"));
    command->set_help_flag("-h,--help", say("Show this help", "이 도움말 보기"));
  }
  if (arguments.size() <= 1) {
    session.console.out.write(program.help());
    parsed.exit_code = kExitUsage;
    return parsed;
  }
  try {
    // CLI11 takes the arguments last first.
    program.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend() - 1));
  } catch (const CLI::CallForHelp&) {
    const CLI::App* which = &program;
    std::string before;  // The words in front of it: "saseo library".
    while (!which->get_subcommands().empty()) {
      before += (before.empty() ? "" : " ") + which->get_name();
      which = which->get_subcommands().front();
    }
    session.console.out.write(which->help(before));
    parsed.exit_code = kExitOk;
  } catch (const CLI::CallForVersion& version) {
    session.console.out.write_line(version.what());
    parsed.exit_code = kExitOk;
  } catch (const CLI::ParseError& error) {
    parsed.exit_code = session.fail(usage_error(error), has_json_flag(arguments));
  }
  return parsed;
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  ::signal(SIGPIPE, SIG_IGN);  // A reader that left is an error of write(),
  ::signal(SIGXFSZ, SIG_IGN);  // and so is a limit on the size of files.
  std::setlocale(LC_CTYPE, "");
  app::GlobalFlags flags;
  flags.language = early_value(arguments, "--lang");
  flags.config = early_value(arguments, "--config");
  flags.locale = ui_language_of_environment();
  set_language(flags);
  TerminalSession session;
  set_up_console(session.console, ColourChoice::kAuto);
  // The file may name the language; that it is unreadable is told once the command is known.
  if (const Result<app::Config> early = app::load_config(flags, app::process_environment);
      early.ok())
    set_ui_language(early->language.value);
  app::install_mapped_file_handler(mapped_file_fault());  // In the user's language.

  flags = {.locale = flags.locale};
  ParsedLine parsed = parse(arguments, flags, session);
  if (parsed.exit_code) return finish(session, *parsed.exit_code);
  Result<app::Config> config = app::load_config(flags, app::process_environment);
  if (!config.ok()) return finish(session, session.fail(config.error(), has_json_flag(arguments)));
  session.config = std::move(config).value();
  set_up_console(session.console, colour_choice_of(session.config.colour.value));
  if (const Message refused = app::refused_kernels_message(); !refused.empty())
    session.warn(refused);
  try {
    return finish(session, parsed.run(session));
  } catch (const std::bad_alloc&) {
    return finish(session, session.fail(out_of_memory(), has_json_flag(arguments)));
  }
}

}  // namespace saseo::cli
