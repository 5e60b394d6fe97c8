// saseo ask: one answer, its sources, and what they rest on.
#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/json/answer_json.h"
#include "app/json/error_json.h"
#include "app/json/json.h"
#include "app/library/cited_page.h"
#include "app/library/opening.h"
#include "app/library/search_filter.h"
#include "app/models/answering_model.h"
#include "cli/arguments/filter_arguments.h"
#include "cli/arguments/model_arguments.h"
#include "cli/commands/batch.h"
#include "cli/commands/commands.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/answer_progress.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/say.h"
#include "cli/views/answer_view.h"
#include "cli/views/generation_view.h"

namespace saseo::cli {
namespace {

struct AskArguments {
  std::vector<std::string> words;
  app::FilterChoice filter;
  std::optional<std::size_t> limit, context_tokens;
  app::AnsweringOptions model;
  std::string batch, page_image, password;
  float dpi = 144;
  bool json = false, quote = false, explain = false;
};

class AskCommand {
 public:
  AskCommand(TerminalSession& session, const AskArguments& arguments)
      : session_(session), arguments_(arguments), progress_(session.console) {}
  int run();

 private:
  Result<Answer> answer(const Searcher& searcher, const std::string& text,
                        const app::FilterChoice& filter, const TextSink& sink);
  int ask_once(const Searcher& searcher);
  void show(const Answer& answer);
  // Draws the page when it was asked for; the exit code that the answer then gets.
  int draw(const Library& library, const Answer& answer, app::Json* json);

  TerminalSession& session_;
  const AskArguments& arguments_;
  Interrupts interrupts_;
  AnswerProgress progress_;
  std::unique_ptr<LanguageModel> model_;
  AnswererOptions options_;
};

int AskCommand::run() {
  const bool json = arguments_.json || !arguments_.batch.empty();
  if (arguments_.batch.empty()) {
    if (const auto question = checked_question(joined(arguments_.words)); !question.ok())
      return session_.fail(question.error(), json);
  }
  Result<std::unique_ptr<LanguageModel>> model = app::open_answering_model(
      session_, arguments_.model, progress_.on_prompt(), interrupts_.token());
  if (!model.ok()) return session_.fail(model.error(), json);
  model_ = std::move(model).value();
  const Result<app::OpenLibrary> library = app::open_library(
      session_, {.context_tokens = arguments_.context_tokens, .hits = arguments_.limit});
  if (!library.ok()) return session_.fail(library.error(), json);
  options_ = library->answering;
  if (arguments_.batch.empty()) {
    const Result<Searcher> searcher = library->searcher();
    return searcher.ok() ? ask_once(*searcher) : session_.fail(searcher.error(), json);
  }
  return run_batch(session_, arguments_.batch, arguments_.filter, interrupts_,
                   [&](const BatchLine& line) -> Result<app::Json> {
                     SASEO_ASSIGN_OR_RETURN(const Searcher searcher, library->searcher());
                     SASEO_ASSIGN_OR_RETURN(const Answer given,
                                            answer(searcher, line.question, line.filter, {}));
                     if (interrupts_.requested())  // Half an answer would count as one.
                       return make_error(ErrorCode::kCancelled, "stopped while it was answered",
                                         "답하는 도중에 멈췄습니다");
                     return app::answer_json(given, wording());
                   });
}

// Lines of a batch are not a conversation.
Result<Answer> AskCommand::answer(const Searcher& searcher, const std::string& text,
                                  const app::FilterChoice& filter, const TextSink& sink) {
  Query query;
  SASEO_ASSIGN_OR_RETURN(query.text, checked_question(text));
  SASEO_ASSIGN_OR_RETURN(query.filter, app::filter_of(filter, searcher.library()));
  query.limit = arguments_.limit.value_or(session_.config.answer_settings.answering.hits);
  return Answerer(searcher, *model_, options_)
      .answer(Conversation(), query, sink, interrupts_.token());
}

int AskCommand::ask_once(const Searcher& searcher) {
  StreamWrapper wrapper(session_.console.out, session_.console.width);
  if (!arguments_.json) progress_.start(model_->name());
  TextSink sink;
  if (!arguments_.json) {
    sink = [&](std::string_view piece) {
      progress_.stop();
      wrapper.write(without_controls(piece));
    };
  }
  const Result<Answer> answered =
      answer(searcher, joined(arguments_.words), arguments_.filter, sink);
  progress_.stop();
  if (!arguments_.json) wrapper.finish();
  if (!answered.ok()) return session_.fail(answered.error(), arguments_.json);
  if (arguments_.json) {
    app::Json json = app::answer_json(*answered, wording());
    const int code = draw(searcher.library(), *answered, &json);
    session_.print_json(app::dump(json));
    return interrupts_.requested() ? kExitInterrupted : code;
  }
  if (!answered->text.ends_with('\n')) session_.console.out.write("\n");
  show(*answered);
  const int code = draw(searcher.library(), *answered, nullptr);
  session_.console.out.flush();
  return interrupts_.requested() ? kExitInterrupted : code;
}

void AskCommand::show(const Answer& answer) {
  Writer& out = session_.console.out;
  if (const std::string sources = sources_view(answer, session_.console); !sources.empty()) {
    out.write("\n" + sources);
  }
  if (const std::string notes = notes_of(answer); !notes.empty()) out.write("\n" + notes);
  if (arguments_.quote && !answer.context.passages.empty())
    out.write("\n" + quotes_view(answer, session_.console));
  if (arguments_.explain) out.write("\n" + explain_view(answer, session_.console));
}

int AskCommand::draw(const Library& library, const Answer& answer, app::Json* json) {
  const int code = answer.found ? kExitOk : kExitNotFound;
  if (arguments_.page_image.empty()) return code;
  if (!answer.found) {
    if (json != nullptr) (*json)["page_image"] = nullptr;
    return code;
  }
  const app::PageImageRequest request = {arguments_.page_image, arguments_.dpi,
                                         pdf_password(arguments_.password)};
  const Result<app::DrawnPage> drawn = app::draw_cited_page(session_, library, answer, 0, request);
  if (!drawn.ok()) {
    if (json == nullptr) return session_.fail(drawn.error(), false);
    (*json)["page_image"] = app::error_json(drawn.error(), wording());
    return exit_code_of(drawn.error().code);
  }
  if (json != nullptr) {
    (*json)["page_image"] = {{"file", arguments_.page_image},
                             {"document", static_cast<std::int64_t>(drawn->document)},
                             {"page", drawn->page},
                             {"boxes", drawn->boxes},
                             {"file_changed", drawn->file_changed}};
  } else {
    session_.console.out.write(
        "\n" + say("Page {} drawn: {}", "{}쪽 그림: {}", drawn->page, arguments_.page_image) +
        "\n");
  }
  if (drawn->file_changed)
    session_.warn(message("the manual changed since it was ingested; the marks may be off",
                          "ingest 이후 설명서 파일이 바뀌어 표시 위치가 다를 수 있습니다"));
  return code;
}

}  // namespace

void add_ask_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<AskArguments>();
  CLI::App* command = program.add_subcommand(
      "ask", say("Answer a question, with sources", "질문에 출처와 함께 답하기"));
  command->add_option("question", arguments->words, say("The question", "질문"))->type_name("TEXT");
  command->add_flag("-j,--json", arguments->json,
                    say("One JSON object, nothing streamed", "JSON 객체 하나로 출력"));
  command->add_flag("-q,--quote", arguments->quote,
                    say("Show the cited passages too", "인용한 대목도 보이기"));
  command->add_flag("-e,--explain", arguments->explain,
                    say("Show what was found and decided", "찾은 것과 판단 근거 보이기"));
  command
      ->add_option("-i,--page-image", arguments->page_image,
                   say("Draw the first cited page, lines marked (PDF)",
                       "인용한 첫 쪽을 표시와 함께 그림으로 (PDF)"))
      ->type_name("FILE.png");
  command->add_option("--dpi", arguments->dpi, say("Of the picture: 144", "그림의 해상도: 144"))
      ->type_name("N")
      ->check(CLI::Range(18.0, 1200.0).description(""));
  command
      ->add_option("--password", arguments->password,
                   say("Of the PDF; SASEO_PDF_PASSWORD is safer",
                       "PDF 암호. SASEO_PDF_PASSWORD가 더 안전함"))
      ->type_name("TEXT");
  command
      ->add_option("-n,--limit", arguments->limit,
                   say("Hits to build the answer from: 60", "답을 만들 검색 결과 수: 60"))
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""));
  command
      ->add_option("-c,--context-tokens", arguments->context_tokens,
                   say("Room for passages", "읽을 대목의 토큰 한도"))
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000).description(""));
  command
      ->add_option("-b,--batch", arguments->batch,
                   say("Questions from JSON lines; - is standard input",
                       "JSON 줄로 된 질문 여럿. -는 표준 입력"))
      ->type_name("FILE");
  add_filter_options(*command, arguments->filter);
  add_answering_options(*command, arguments->model);
  command->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return AskCommand(session, *arguments).run(); };
  });
}

}  // namespace saseo::cli
