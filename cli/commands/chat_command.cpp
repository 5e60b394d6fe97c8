// saseo chat: the interactive shell.
#include <CLI/App.hpp>
#include <memory>

#include "app/library/opening.h"
#include "app/models/answering_model.h"
#include "cli/arguments/filter_arguments.h"
#include "cli/arguments/model_arguments.h"
#include "cli/chat/chat_shell.h"
#include "cli/commands/commands.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/line_reader.h"
#include "cli/terminal/say.h"

namespace saseo::cli {
namespace {

struct ChatArguments {
  ChatOptions options;
  std::optional<std::size_t> context_tokens;
  bool no_history = false;
};

std::string prompt_of(const ChatShell& shell) {
  const std::string filter = shell.filter_words();
  return (filter.empty() ? "" : "(" + filter + ") ") + say("ask> ", "질문> ");
}

int run_chat(TerminalSession& session, const ChatArguments& arguments) {
  Interrupts interrupts;
  AnswerProgress progress(session.console);
  Result<std::unique_ptr<LanguageModel>> model = app::open_answering_model(
      session, arguments.options.model, progress.on_prompt(), interrupts.token());
  if (!model.ok()) return session.fail(model.error(), false);
  Result<app::OpenLibrary> library =
      app::open_library(session, {.context_tokens = arguments.context_tokens});
  if (!library.ok()) return session.fail(library.error(), false);
  const std::filesystem::path history =
      arguments.no_history ? "" : app::state_folder(app::process_environment) / "history";
  const std::unique_ptr<LineReader> reader = open_line_reader(interrupts, history);
  ChatOptions options = arguments.options;
  options.password = pdf_password(options.password);
  ChatShell shell(session, std::move(library).value(), std::move(model).value(), progress,
                  interrupts, options);
  if (reader->is_interactive())
    session.console.out.write_line(
        say("Ask about your manuals. /help shows the commands, Ctrl-D leaves.",
            "설명서에 대해 물어보세요. /help는 명령 안내, Ctrl-D는 끝내기입니다."));
  std::string line;
  while (session.console.out.failure() == 0) {
    const ReadEnd end = reader->read(prompt_of(shell), line);
    if (end == ReadEnd::kEnd) break;
    if (end == ReadEnd::kInterrupted) continue;
    if (!shell.handle(line)) break;
  }
  return kExitOk;
}

}  // namespace

void add_chat_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<ChatArguments>();
  CLI::App* command = program.add_subcommand("chat", say("Ask in a conversation", "대화하며 묻기"));
  command
      ->add_option("-c,--context-tokens", arguments->context_tokens,
                   say("Room for passages", "읽을 대목의 토큰 한도"))
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000).description(""));
  command
      ->add_option("--password", arguments->options.password,
                   say("Of PDFs whose pages are drawn", "쪽을 그릴 PDF의 암호"))
      ->type_name("TEXT");
  command->add_flag("--no-history", arguments->no_history,
                    say("Remember no lines", "입력한 줄을 기억하지 않기"));
  add_filter_options(*command, arguments->options.filter);
  add_answering_options(*command, arguments->options.model);
  command->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return run_chat(session, *arguments); };
  });
}

}  // namespace saseo::cli
