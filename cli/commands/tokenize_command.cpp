// saseo tokenize: a text as the model's tokens.
#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/json/json.h"
#include "app/models/model_loading.h"
#include "cli/arguments/model_arguments.h"
#include "cli/arguments/text_argument.h"
#include "cli/commands/commands.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/say.h"
#include "engine/vocabulary/tokenizer.h"

namespace saseo::cli {
namespace {

struct TokenizeArguments {
  std::vector<std::string> words;
  app::ModelOptions model;
  bool json = false, count = false, control = false, bos = false;
};

void show(TerminalSession& session, const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
  for (const TokenId id : ids) {
    const std::string piece = with_escapes(tokenizer.piece_of(id));
    session.console.out.write(fmt::format("{:>7}  {}\n", id, piece));
  }
}

app::Json tokens_json(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
  app::Json tokens = app::Json::array();
  for (const TokenId id : ids)
    tokens.push_back(
        {{"id", id}, {"piece", tokenizer.piece_of(id)}, {"control", tokenizer.is_control(id)}});
  return tokens;
}

int run_tokenize(TerminalSession& session, const TokenizeArguments& arguments) {
  const auto tokenize = [&]() -> Status {
    SASEO_ASSIGN_OR_RETURN(const std::string text, text_argument(arguments.words));
    SASEO_ASSIGN_OR_RETURN(const app::ModelReference reference,
                           app::find_model(session, arguments.model.model));
    SASEO_ASSIGN_OR_RETURN(Model model, app::open_reference(session, reference));
    const Tokenizer tokenizer(std::move(model.vocabulary));
    const std::vector<TokenId> ids =
        tokenizer.encode(text, {.parse_control = arguments.control, .add_bos = arguments.bos});
    if (arguments.json) {
      app::Json json = {
          {"version", app::kJsonVersion}, {"model", model.name}, {"count", ids.size()}};
      if (!arguments.count) json["tokens"] = tokens_json(tokenizer, ids);
      session.print_json(app::dump(json));
    } else if (arguments.count) {
      session.console.out.write_line(std::to_string(ids.size()));
    } else {
      show(session, tokenizer, ids);
    }
    return {};
  };
  const Status done = tokenize();
  return done.ok() ? kExitOk : session.fail(done.error(), arguments.json);
}

}  // namespace

void add_tokenize_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<TokenizeArguments>();
  CLI::App* command = program.add_subcommand(
      "tokenize", say("A text as the model's tokens", "글을 모델의 토큰으로"));
  command->add_option("text", arguments->words, say("Text, @FILE or -", "글, @파일 또는 -"))
      ->type_name("TEXT");
  add_model_option(*command, arguments->model);
  command->add_flag("-j,--json", arguments->json, say("One JSON object", "JSON 객체 하나로 출력"));
  command->add_flag("--count", arguments->count, say("Only how many", "개수만"));
  command->add_flag(
      "--control", arguments->control,
      say("Read control tokens such as <start_of_turn>", "<start_of_turn> 같은 제어 토큰도 읽기"));
  command->add_flag("--bos", arguments->bos, say("Put <bos> in front", "앞에 <bos> 넣기"));
  command->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return run_tokenize(session, *arguments); };
  });
}

}  // namespace saseo::cli
