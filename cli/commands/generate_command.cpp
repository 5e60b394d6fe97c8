// saseo generate: a model's own words after a prompt, without manuals.
#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/json/json.h"
#include "app/json/model_json.h"
#include "app/models/model_loading.h"
#include "app/models/sampling_choice.h"
#include "cli/arguments/model_arguments.h"
#include "cli/arguments/sampling_arguments.h"
#include "cli/arguments/text_argument.h"
#include "cli/commands/commands.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/say.h"
#include "engine/runtime/model_runtime.h"
#include "engine/runtime/session.h"
#include "engine/runtime/stop_matcher.h"
#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/streaming_decoder.h"
#include "engine/vocabulary/tokenizer.h"

namespace saseo::cli {
namespace {

struct GenerateArguments {
  std::vector<std::string> words;
  app::ModelOptions model;
  bool raw = false, control = false, json = false;
  std::uint32_t max_tokens = 512, logprobs = 0;
  app::SamplingChoice sampling;
  std::vector<std::string> stops;
};

struct Prompt {
  std::vector<TokenId> ids;
  std::vector<TokenId> stop_tokens;
};

Result<Prompt> prompt_of(const GenerateArguments& arguments, const Tokenizer& tokenizer,
                         const std::string& text) {
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  if (arguments.raw) {
    Prompt prompt = {
        tokenizer.encode(text, {.parse_control = arguments.control, .add_bos = vocabulary.add_bos}),
        {vocabulary.eos}};
    if (vocabulary.end_of_turn) prompt.stop_tokens.push_back(*vocabulary.end_of_turn);
    return prompt;
  }
  SASEO_ASSIGN_OR_RETURN(const ChatTemplate chat, ChatTemplate::create(tokenizer));
  const ChatTurn turn = {ChatRole::kUser, text};
  SASEO_ASSIGN_OR_RETURN(std::vector<TokenId> ids, chat.encode({&turn, 1}));
  return Prompt{std::move(ids), chat.stop_tokens()};
}

SamplingOptions options_of(const GenerateArguments& arguments, const Model& model) {
  SamplingOptions sampling = app::sampling_options(arguments.sampling, model);
  sampling.logprobs = arguments.logprobs;
  return sampling;
}

// Receives the tokens and gives out text up to a stop string, as it becomes certain.
class Output {
 public:
  Output(TerminalSession& session, const GenerateArguments& arguments, const Tokenizer& tokenizer)
      : session_(session),
        arguments_(arguments),
        tokenizer_(tokenizer),
        decoder_(tokenizer),
        stops_(arguments.stops) {}

  // False: a stop string is complete, or nobody reads any more.
  bool push(const SampledToken& token) {
    if (arguments_.json)
      tokens_.push_back(token_json(token));
    else if (!streams())
      put_line(token);
    put(stops_.push(decoder_.push(token.token)));
    return !stops_.stopped() && session_.console.out.failure() == 0;
  }
  void finish() {
    put(stops_.push(decoder_.flush()));
    put(stops_.flush());
    if (streams() && !text_.empty() && !text_.ends_with('\n')) session_.console.out.write("\n");
    session_.console.out.flush();
  }

  const std::string& text() const { return text_; }
  app::Json tokens() && { return std::move(tokens_); }

 private:
  bool streams() const { return !arguments_.json && arguments_.logprobs == 0; }
  void put(const std::string& piece) {
    text_ += piece;
    if (!streams() || piece.empty()) return;
    Writer& out = session_.console.out;
    out.write(out.is_terminal() ? without_controls(piece) : piece);
    out.flush();
  }
  void put_line(const SampledToken& token) {
    std::string line = fmt::format("{:>7}  {:>8.4f}  {}", token.token, token.logprob,
                                   with_escapes(tokenizer_.piece_of(token.token)));
    for (const TokenLogprob& likely : token.most_likely)
      line += fmt::format("  | {} {:.4f}", with_escapes(tokenizer_.piece_of(likely.token)),
                          likely.logprob);
    session_.console.out.write_line(line);
  }
  app::Json token_json(const SampledToken& token) const {
    app::Json json = {{"id", token.token}, {"piece", tokenizer_.piece_of(token.token)}};
    if (arguments_.logprobs == 0) return json;
    json["logprob"] = token.logprob;
    json["most_likely"] = app::Json::array();
    for (const TokenLogprob& likely : token.most_likely)
      json["most_likely"].push_back({{"id", likely.token},
                                     {"piece", tokenizer_.piece_of(likely.token)},
                                     {"logprob", likely.logprob}});
    return json;
  }

  TerminalSession& session_;
  const GenerateArguments& arguments_;
  const Tokenizer& tokenizer_;
  StreamingDecoder decoder_;
  StopMatcher stops_;
  std::string text_;
  app::Json tokens_ = app::Json::array();
};

std::string_view name_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kCancelled:
      return "cancelled";
  }
  return "";
}

void show_timings(TerminalSession& session, const GenerationResult& result, double load_seconds) {
  const GenerationStats& stats = result.stats;
  std::string line =
      say("{} prompt tokens ({:.1f} tokens/s), {} tokens written ({:.1f} tokens/s), loaded in "
          "{:.2f} s",
          "프롬프트 {}토큰(초당 {:.1f}토큰), 생성 {}토큰(초당 {:.1f}토큰), 불러오기 {:.2f}초",
          stats.prompt_tokens, stats.prefill_rate(), stats.completion_tokens, stats.decode_rate(),
          load_seconds);
  if (stats.speculation.drafted > 0)
    line += say("; {} of {} guesses right", ". 짐작 {1}개 중 {0}개 맞음",
                stats.speculation.accepted, stats.speculation.drafted);
  if (stats.stored_tokens > 0)
    line +=
        say("; {} prompt tokens from disk", ", 프롬프트 {}토큰은 디스크에서", stats.stored_tokens);
  if (result.reason == FinishReason::kLength)
    line += say("; cut short: --max-tokens or --context is reached",
                ". --max-tokens나 --context 한도에서 끊었습니다");
  session.console.err.write_line(session.console.err_style(Style::kDim, line));
  for (const Notice& note : stats.store_notes)
    session.console.err.write_line(
        session.console.err_style(Style::kDim, without_controls(told(note))));
}

app::Json result_json(const app::LoadedModel& loaded, const GenerationResult& result,
                      Output output) {
  const GenerationStats& stats = result.stats;
  const std::string text = output.text();
  return {{"version", app::kJsonVersion},
          {"model", loaded.reference.name},
          {"text", text},
          {"finish", name_of(result.reason)},
          {"prompt_tokens", stats.prompt_tokens},
          {"reused_prefix_tokens", stats.reused_tokens},
          {"stored_prefix_tokens", stats.stored_tokens},
          {"store_notes", wording().tell(stats.store_notes)},
          {"completion_tokens", stats.completion_tokens},
          {"speculation",
           {{"drafted_tokens", stats.speculation.drafted},
            {"accepted_tokens", stats.speculation.accepted},
            {"draft_passes", stats.speculation.passes}}},
          {"tokens", std::move(output).tokens()},
          {"timings", app::timings_json(stats, loaded.load_seconds)}};
}

int run_generate(TerminalSession& session, const GenerateArguments& arguments) {
  const Interrupts interrupts;
  const auto fail = [&](const Error& error) { return session.fail(error, arguments.json); };
  const Result<std::string> text = text_argument(arguments.words);
  if (!text.ok()) return fail(text.error());
  Result<app::LoadedModel> loaded =
      app::load_model(session, arguments.model, app::fit_session, interrupts.token());
  if (!loaded.ok()) return fail(loaded.error());
  const Tokenizer tokenizer(std::move(loaded->model.vocabulary));
  const Result<Prompt> prompt = prompt_of(arguments, tokenizer, *text);
  if (!prompt.ok()) return fail(prompt.error());

  LoneSession model_session(loaded->model, loaded->options, {.store = std::move(loaded->kv_store)});
  Output output(session, arguments, tokenizer);
  const GenerationRequest request = {
      .prompt = prompt->ids,
      .sampling = options_of(arguments, loaded->model),
      .max_tokens = arguments.max_tokens,
      .stop_tokens = prompt->stop_tokens,
      .shared_prefix = static_cast<std::uint32_t>(prompt->ids.size())};
  const Result<GenerationResult> result = model_session.generate(
      request, [&](const SampledToken& token) { return output.push(token); }, interrupts.token());
  output.finish();
  if (!result.ok()) return fail(result.error());
  if (arguments.json)
    session.print_json(app::dump(result_json(*loaded, *result, std::move(output))));
  else
    show_timings(session, *result, loaded->load_seconds);
  return result->reason == FinishReason::kCancelled ? kExitInterrupted : kExitOk;
}

void add_output_options(CLI::App& command, GenerateArguments& arguments) {
  command
      .add_option("-n,--max-tokens", arguments.max_tokens,
                  say("Tokens to write at most: 512", "쓸 토큰의 최대 수: 512"))
      ->type_name("N")
      ->check(CLI::Range(1, 1 << 20).description(""));
  command
      .add_option("--stop", arguments.stops,
                  say("Stop before this text (repeatable)", "이 글 앞에서 멈추기(여러 번)"))
      ->type_name("TEXT")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command
      .add_option("--logprobs", arguments.logprobs,
                  say("Each token with its N likeliest", "토큰마다 확률 높은 N개와 함께"))
      ->type_name("N")
      ->check(CLI::Range(1, 100).description(""));
}

}  // namespace

void add_generate_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<GenerateArguments>();
  CLI::App* command = program.add_subcommand(
      "generate", say("A model's own words after a prompt", "모델이 프롬프트에 이어 쓰기"));
  command->add_option("prompt", arguments->words, say("Prompt, @FILE or -", "프롬프트, @파일, -"))
      ->type_name("TEXT");
  add_model_option(*command, arguments->model);
  command->add_flag("--raw", arguments->raw,
                    say("Continue the text; no chat template", "대화 틀 없이 글을 이어 쓰기"));
  command->add_flag("--control", arguments->control,
                    say("With --raw: read control tokens", "--raw에서 제어 토큰도 읽기"));
  add_output_options(*command, *arguments);
  add_sampling_options(*command, arguments->sampling,
                       say("0 takes the most likely; else the file's value, or 0",
                           "0은 가장 그럴듯한 토큰만. 없으면 파일의 값 또는 0"));
  add_run_options(*command, arguments->model);
  command->add_flag("-j,--json", arguments->json,
                    say("One JSON object, nothing streamed", "JSON 객체 하나로 출력"));
  command->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return run_generate(session, *arguments); };
  });
}

}  // namespace saseo::cli
