#include "cli/chat/chat_shell.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "app/library/cited_page.h"
#include "app/library/search_filter.h"
#include "app/models/mapped_file_guard.h"
#include "app/settings/config.h"
#include "base/files.h"
#include "base/utf8.h"
#include "cli/chat/chat_transcript.h"
#include "cli/terminal/say.h"
#include "cli/views/answer_view.h"
#include "cli/views/generation_view.h"

namespace saseo::cli {
namespace {

// Shows a file with the desktop's program for it; false where there is no desktop.
bool show_on_desktop(const std::filesystem::path& file) {
  if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) return false;
  std::string program = "xdg-open", path = file.string();
  char* arguments[] = {program.data(), path.data(), nullptr};
  pid_t child = -1;
  if (::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0)
    return false;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

ChatShell::ChatShell(TerminalSession& session, app::OpenLibrary library,
                     std::unique_ptr<LanguageModel> model, AnswerProgress& progress,
                     Interrupts& interrupts, const ChatOptions& options)
    : session_(session),
      progress_(progress),
      library_(std::move(library)),
      model_(std::move(model)),
      interrupts_(interrupts),
      options_(options) {
  if (const Status applied = apply(options.filter); !applied.ok()) {
    session_.fail(applied.error(), false);
    options_.filter = {};
  }
}

void ChatShell::say_line(const std::string& text) { session_.console.out.write_line(text); }

bool ChatShell::handle(const std::string& line) {
  const std::string text(trim(line));
  if (text.empty()) return true;
  if (!text.starts_with('/')) {
    ask(text);
    return true;
  }
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string name = text.substr(1, space - 1);
  if (name == "quit" || name == "exit" || name == "q") return false;
  command(name, std::string(trim(std::string_view(text).substr(space))));
  return true;
}

void ChatShell::command(std::string_view name, const std::string& rest) {
  if (name == "help" || name == "?") return help();
  if (name == "sources") return sources();
  if (name == "explain") return explain();
  if (name == "quote") return quote(rest);
  if (name == "open") return open(rest);
  if (name == "page") return draw_page(rest);
  if (name == "filter") return change_filter(rest);
  if (name == "product") return set_product(rest);
  if (name == "model") return change_model(rest);
  if (name == "save") return save(rest);
  if (name == "reset") {
    conversation_ = {};
    return say_line(say("The conversation is forgotten.", "대화를 잊었습니다."));
  }
  session_.fail(make_error(ErrorCode::kInvalidArgument, "no command /{}; see /help",
                           "/{} 명령은 없습니다. /help를 보세요", name),
                false);
}

void ChatShell::help() {
  say_line(
      say("/sources         sources of the last answer\n"
          "/explain         how the last answer came about\n"
          "/quote [N]       the passage with number N\n"
          "/open [N]        show its manual\n"
          "/page [N]        draw its page, lines marked\n"
          "/filter k=v      only product=, document=, language=, pages=; /filter clear\n"
          "/product NAME    only this product; alone: all\n"
          "/model [NAME]    the model in use, or another\n"
          "/reset           forget the conversation\n"
          "/save FILE.md    write the conversation down\n"
          "/quit            leave (Ctrl-D); Ctrl-C stops an answer",
          "/sources         마지막 답의 출처\n"
          "/explain         마지막 답의 판단 근거\n"
          "/quote [N]       출처 N의 대목 보기\n"
          "/open [N]        그 설명서 열기\n"
          "/page [N]        그 쪽을 표시와 함께 그림으로\n"
          "/filter k=v      product=, document=, language=, pages=로 좁히기. /filter clear\n"
          "/product 이름    이 제품만. 이름 없이: 모두\n"
          "/model [이름]    쓰는 모델 보기, 바꾸기\n"
          "/reset           대화 잊기\n"
          "/save 파일.md    대화를 파일로 저장\n"
          "/quit            끝내기 (Ctrl-D). Ctrl-C는 답을 멈춤"));
}

void ChatShell::ask(const std::string& question) {
  interrupts_.renew();
  StreamWrapper wrapper(session_.console.out, session_.console.width);
  Query query;
  query.text = question;
  query.filter = filter_;
  query.limit = 1;  // The answerer asks for as many as its settings say.
  const Result<Searcher> searcher = library_.searcher();
  if (!searcher.ok()) {
    session_.fail(searcher.error(), false);
    return;
  }
  const Answerer answerer(*searcher, *model_, library_.answering);
  progress_.start(model_->name());
  Result<Answer> answer = answerer.answer(
      conversation_, query,
      [&](std::string_view piece) {
        progress_.stop();
        wrapper.write(without_controls(piece));
      },
      interrupts_.token());
  progress_.stop();
  wrapper.finish();
  const bool stopped = interrupts_.requested();
  if (!answer.ok()) {
    if (answer.error().code == ErrorCode::kCancelled || stopped)
      return say_line("\n" + say("(stopped)", "(멈춤)"));
    session_.fail(answer.error(), false);
    return;
  }
  conversation_.remember(*answer);
  Writer& out = session_.console.out;
  if (!answer->text.ends_with('\n')) out.write("\n");
  if (stopped) out.write(say("(stopped)", "(멈춤)") + "\n");
  if (const std::string view = sources_view(*answer, session_.console); !view.empty())
    out.write("\n" + view);
  if (const std::string notes = notes_of(*answer); !notes.empty()) out.write("\n" + notes);
  out.write("\n");
  out.flush();
  answers_.push_back(std::move(answer).value());
}

void ChatShell::sources() {
  const std::string view = answers_.empty() ? "" : sources_view(answers_.back(), session_.console);
  session_.console.out.write(
      view.empty() ? say("The last answer has no sources.\n", "마지막 답에는 출처가 없습니다.\n")
                   : view);
  session_.console.out.flush();
}

void ChatShell::explain() {
  session_.console.out.write(answers_.empty()
                                 ? say("Nothing was asked yet.\n", "아직 물어본 것이 없습니다.\n")
                                 : explain_view(answers_.back(), session_.console));
  session_.console.out.flush();
}

// The number that was typed, else that of the first citation; nullopt (told) when there is none.
std::optional<int> ChatShell::source_number(const std::string& text) {
  if (answers_.empty() || answers_.back().citations.empty()) {
    say_line(say("The last answer has no sources.", "마지막 답에는 출처가 없습니다."));
    return std::nullopt;
  }
  const Answer& answer = answers_.back();
  if (text.empty()) return answer.citations.front().number;
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool known = std::ranges::any_of(
      answer.context.passages, [&](const Passage& passage) { return passage.number == number; });
  if (failure == std::errc() && end == text.data() + text.size() && known) return number;
  say_line(say("There is no source {}; see /sources", "출처 {}은(는) 없습니다. /sources를 보세요",
               without_controls(text)));
  return std::nullopt;
}

void ChatShell::quote(const std::string& which) {
  const std::optional<int> number = source_number(which);
  if (!number) return;
  for (const Passage& passage : answers_.back().context.passages)
    if (passage.number == *number)
      session_.console.out.write(quote_view(passage, session_.console));
  session_.console.out.flush();
}

void ChatShell::open(const std::string& which) {
  const std::optional<int> number = source_number(which);
  if (!number) return;
  for (const Passage& passage : answers_.back().context.passages) {
    if (passage.number != *number) continue;
    const std::string page = page_words(passage.first_page, passage.first_page_label);
    say_line(without_controls(passage.path.string()) + (page.empty() ? "" : " · " + page));
    show_on_desktop(passage.path);
  }
}

void ChatShell::draw_page(const std::string& which) {
  const std::optional<int> number = source_number(which);
  if (!number) return;
  const std::filesystem::path folder = app::user_cache_folder(app::process_environment) / "pages";
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    session_.fail(io_error(folder, failure.value()), false);
    return;
  }
  app::PageImageRequest request;
  request.file = folder / fmt::format("answer-{}-source-{}.png", answers_.size(), *number);
  request.password = options_.password;
  const auto draw = [&]() -> Result<app::DrawnPage> {
    SASEO_ASSIGN_OR_RETURN(const LibraryLease lease, library_.host.lease());
    return app::draw_cited_page(session_, lease.library(), answers_.back(), *number, request);
  };
  const Result<app::DrawnPage> drawn = draw();
  if (!drawn.ok()) {
    session_.fail(drawn.error(), false);
    return;
  }
  say_line(say("Page {} drawn: {}", "{}쪽 그림: {}", drawn->page, request.file.string()));
  if (drawn->file_changed)
    session_.warn(message("the manual changed since it was ingested; the marks may be off",
                          "ingest 이후 설명서 파일이 바뀌어 표시 위치가 다를 수 있습니다"));
  show_on_desktop(request.file);
}

Status ChatShell::apply(const app::FilterChoice& wanted) {
  SASEO_ASSIGN_OR_RETURN(const LibraryLease lease, library_.host.lease());
  SASEO_ASSIGN_OR_RETURN(filter_, app::filter_of(wanted, lease.library()));
  options_.filter = wanted;
  return {};
}

std::string ChatShell::filter_words() const {
  std::string words;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) words += fmt::format("{}{}={}", words.empty() ? "" : " ", key, value);
  };
  for (const std::string& document : options_.filter.documents) add("document", document);
  add("product", options_.filter.product);
  add("language", options_.filter.language);
  add("pages", options_.filter.pages);
  return without_controls(words);
}

void ChatShell::change_filter(const std::string& change) {
  app::FilterChoice wanted = options_.filter;
  const std::size_t equals = change.find('=');
  const std::string key = change.substr(0, equals);
  const std::string value = equals == std::string::npos
                                ? ""
                                : std::string(trim(std::string_view(change).substr(equals + 1)));
  if (change == "clear") {
    wanted = {};
  } else if (key == "product" && equals != std::string::npos) {
    wanted.product = value;
  } else if (key == "language" && equals != std::string::npos) {
    wanted.language = value;
  } else if (key == "pages" && equals != std::string::npos) {
    wanted.pages = value;
  } else if (key == "document" && equals != std::string::npos) {
    wanted.documents.clear();
    if (!value.empty()) wanted.documents.push_back(value);
  } else if (!change.empty()) {
    session_.fail(
        make_error(ErrorCode::kInvalidArgument,
                   "write /filter product=NAME, document=, language=ko|en, pages=A-B or "
                   "clear",
                   "/filter product=이름, document=, language=ko|en, pages=A-B 또는 clear"),
        false);
    return;
  }
  if (const Status applied = apply(wanted); !applied.ok()) {
    session_.fail(applied.error(), false);
    return;
  }
  const std::string words = filter_words();
  say_line(words.empty() ? say("No filter: all manuals.", "필터 없음: 모든 설명서에서 찾습니다.")
                         : say("Only {}", "찾을 곳: {}", words));
}

void ChatShell::set_product(const std::string& name) { change_filter("product=" + name); }

void ChatShell::change_model(const std::string& name) {
  if (!name.empty()) {
    interrupts_.renew();
    app::AnsweringOptions arguments = options_.model;
    arguments.model.model = name;
    Result<std::unique_ptr<LanguageModel>> model =
        app::open_answering_model(session_, arguments, progress_.on_prompt(), interrupts_.token());
    if (!model.ok()) {
      session_.fail(model.error(), false);
      return;
    }
    model_ = std::move(model).value();
    conversation_.read.clear();  // By the other model.
  }
  say_line(say("Model: {}", "모델: {}", model_->name()));
}

void ChatShell::save(const std::string& file) {
  if (file.empty()) {
    session_.fail(make_error(ErrorCode::kInvalidArgument, "write /save FILE.md",
                             "/save 파일.md처럼 적으세요"),
                  false);
    return;
  }
  const Status written = write_file_atomically(file, transcript_of(answers_));
  if (!written.ok()) {
    session_.fail(written.error(), false);
    return;
  }
  say_line(say("{} answers saved: {}", "답 {}개를 저장했습니다: {}", answers_.size(), file));
}

}  // namespace saseo::cli
