// saseo library: look at the library, correct it, check it.
#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/json/json.h"
#include "app/json/library_json.h"
#include "app/library/opening.h"
#include "app/library/outline.h"
#include "app/library/search_filter.h"
#include "base/utf8.h"
#include "cli/commands/commands.h"
#include "cli/terminal/exit_code.h"
#include "cli/views/answer_view.h"
#include "cli/views/library_view.h"
#include "index/library_check.h"

namespace saseo::cli {
namespace {

struct LibraryArguments {
  std::string document;
  std::optional<std::string> title, product, model_number, edition, language;
  bool json = false;
};

int list_documents(TerminalSession& session, const LibraryArguments& arguments) {
  const Result<Library> library = Library::open(session.library());
  if (!library.ok()) return session.fail(library.error(), arguments.json);
  const auto documents = library->documents();
  if (!documents.ok()) return session.fail(documents.error(), arguments.json);
  if (!arguments.json) {
    session.console.out.write(list_view(*documents, session.console));
    return kExitOk;
  }
  app::Json list = app::Json::array();
  for (const StoredDocument& document : *documents) list.push_back(app::document_json(document));
  session.print_json(app::dump({{"version", app::kJsonVersion}, {"documents", std::move(list)}}));
  return kExitOk;
}

int show_document(TerminalSession& session, const LibraryArguments& arguments) {
  const auto show = [&]() -> Status {
    SASEO_ASSIGN_OR_RETURN(const Library library, Library::open(session.library()));
    SASEO_ASSIGN_OR_RETURN(const DocumentId id, library.find_document(arguments.document));
    SASEO_ASSIGN_OR_RETURN(const StoredDocument document, library.document(id));
    SASEO_ASSIGN_OR_RETURN(const std::vector<app::OutlineEntry> outline,
                           app::outline_of(library, document));
    if (arguments.json) {
      SASEO_ASSIGN_OR_RETURN(const app::Json json,
                             app::whole_document_json(library, document, outline));
      session.print_json(app::dump(json));
      return {};
    }
    SASEO_ASSIGN_OR_RETURN(const std::string view,
                           document_view(library, document, outline, session.console));
    session.console.out.write(view);
    return {};
  };
  const Status shown = show();
  return shown.ok() ? kExitOk : session.fail(shown.error(), arguments.json);
}

// A writer for a library that exists: a mistyped folder must not become a new library.
Result<LibraryWriter> open_existing(TerminalSession& session) {
  SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const Library library, Library::open(session.library()));
  Result<LibraryWriter> writer = LibraryWriter::open(session.library());
  if (writer.ok()) app::tell_of_reindexing(session, *writer);
  return writer;
}

int remove_document(TerminalSession& session, const LibraryArguments& arguments) {
  const auto remove = [&]() -> Status {
    SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, open_existing(session));
    SASEO_ASSIGN_OR_RETURN(const DocumentId id, writer.library().find_document(arguments.document));
    SASEO_ASSIGN_OR_RETURN(const StoredDocument document, writer.library().document(id));
    SASEO_RETURN_IF_ERROR(writer.remove_document(id));
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const std::size_t vectors, writer.update_embeddings());
    SASEO_RETURN_IF_ERROR(writer.write_caches());
    if (arguments.json)
      session.print_json(
          app::dump({{"version", app::kJsonVersion}, {"removed", app::document_json(document)}}));
    else
      session.console.out.write(say("removed: {} {}\n", "지웠습니다: {} {}\n",
                                    static_cast<std::int64_t>(id),
                                    document_words(document.path, document.info)));
    return {};
  };
  const Status removed = remove();
  return removed.ok() ? kExitOk : session.fail(removed.error(), arguments.json);
}

int set_document(TerminalSession& session, const LibraryArguments& arguments) {
  const auto set = [&]() -> Status {
    const std::pair<InfoField, const std::optional<std::string>&> fields[] = {
        {InfoField::kTitle, arguments.title},
        {InfoField::kProduct, arguments.product},
        {InfoField::kModelNumber, arguments.model_number},
        {InfoField::kEdition, arguments.edition},
        {InfoField::kLanguage, arguments.language}};
    if (std::ranges::none_of(fields, [](const auto& field) { return field.second.has_value(); }))
      return make_error(ErrorCode::kInvalidArgument,
                        "nothing to set: give --product, --title, --model-number, --edition or "
                        "--language",
                        "바꿀 값이 없습니다. --product, --title, --model-number, --edition, "
                        "--language 중에서 지정하세요");
    if (arguments.language) {
      SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const Language language,
                             app::parse_language(*arguments.language));
    }
    SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, open_existing(session));
    SASEO_ASSIGN_OR_RETURN(const DocumentId id, writer.library().find_document(arguments.document));
    for (const auto& [field, value] : fields) {
      if (!value) continue;
      if (!is_valid_utf8(*value))
        return make_error(ErrorCode::kBadInput, "the value is not UTF-8", "값이 UTF-8이 아닙니다");
      SASEO_RETURN_IF_ERROR(writer.set_info(id, field, to_nfc(*value)));
    }
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const std::size_t vectors, writer.update_embeddings());
    SASEO_RETURN_IF_ERROR(writer.write_caches());
    SASEO_ASSIGN_OR_RETURN(const StoredDocument document, writer.library().document(id));
    if (arguments.json) {
      app::Json json = {{"version", app::kJsonVersion}};
      json.update(app::document_json(document));
      session.print_json(app::dump(json));
    } else {
      session.console.out.write(list_view({&document, 1}, session.console));
    }
    return {};
  };
  const Status done = set();
  return done.ok() ? kExitOk : session.fail(done.error(), arguments.json);
}

int verify(TerminalSession& session, const LibraryArguments& arguments) {
  const Result<CheckReport> report = verify_library(session.library());
  if (!report.ok()) return session.fail(report.error(), arguments.json);
  if (arguments.json)
    session.print_json(app::dump(app::check_json(*report)));
  else
    session.console.out.write(check_view(*report, session.console));
  return report->healthy() ? kExitOk : kExitLibrary;
}

int rebuild(TerminalSession& session, const LibraryArguments& arguments) {
  const Result<RebuildReport> report = rebuild_library(session.library());
  if (!report.ok()) return session.fail(report.error(), arguments.json);
  if (arguments.json)
    session.print_json(app::dump({{"version", app::kJsonVersion},
                                  {"chunks", report->chunks},
                                  {"vectors", report->vectors}}));
  else
    session.console.out.write(say("rebuilt: {} chunks, {} vectors\n",
                                  "다시 만들었습니다: 청크 {}개, 벡터 {}개\n", report->chunks,
                                  report->vectors));
  return kExitOk;
}

int show_stats(TerminalSession& session, const LibraryArguments& arguments) {
  const Result<Library> library = Library::open(session.library());
  if (!library.ok()) return session.fail(library.error(), arguments.json);
  const Result<LibraryStats> stats = library->stats();
  if (!stats.ok()) return session.fail(stats.error(), arguments.json);
  if (arguments.json) {
    app::Json json = {{"version", app::kJsonVersion}};
    json.update(app::stats_json(*stats));
    session.print_json(app::dump(json));
  } else {
    session.console.out.write(stats_view(*stats, session.library(), session.console));
  }
  return kExitOk;
}

using LibraryAction = int (*)(TerminalSession&, const LibraryArguments&);

CLI::App* add_action(CLI::App& library, Run& run,
                     const std::shared_ptr<LibraryArguments>& arguments, const std::string& name,
                     const std::string& description, LibraryAction action) {
  CLI::App* command = library.add_subcommand(name, description);
  command->footer("");
  command->group(say("Commands", "명령"));
  command->fallthrough();
  command->set_help_flag("-h,--help", say("Show this help", "이 도움말 보기"));
  command->add_flag("-j,--json", arguments->json, say("One JSON object", "JSON 객체 하나로 출력"));
  command->callback([arguments, action, &run] {
    run = [arguments, action](TerminalSession& session) { return action(session, *arguments); };
  });
  return command;
}

void add_document(CLI::App& command, LibraryArguments& arguments) {
  command
      .add_option("document", arguments.document,
                  say("Number, file, title or product", "번호, 파일, 제목 또는 제품"))
      ->type_name("NAME")
      ->required();
}

void add_fields(CLI::App& command, LibraryArguments& arguments) {
  const auto add = [&](const char* option, std::optional<std::string>& value,
                       const std::string& description) {
    command.add_option(option, value, description)->type_name("TEXT");
  };
  add("-p,--product", arguments.product, say("Product", "제품"));
  add("--title", arguments.title, say("Title", "제목"));
  add("--model-number", arguments.model_number, say("Model number", "모델 번호"));
  add("--edition", arguments.edition, say("Edition", "판"));
  add("--language", arguments.language, say("ko or en", "ko 또는 en"));
}

}  // namespace

void add_library_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<LibraryArguments>();
  CLI::App* library = program.add_subcommand(
      "library", say("List, show, correct, check the library", "라이브러리 보기, 고치기, 점검"));
  library->require_subcommand(1);
  add_action(*library, run, arguments, "list", say("All manuals", "설명서 목록"), list_documents);
  add_document(
      *add_action(*library, run, arguments, "show",
                  say("One manual: pages, headings, warnings", "한 설명서의 쪽, 목차, 주의"),
                  show_document),
      *arguments);
  add_document(*add_action(*library, run, arguments, "remove",
                           say("Take a manual out", "설명서 빼기"), remove_document),
               *arguments);
  CLI::App* set =
      add_action(*library, run, arguments, "set",
                 say("Correct product, title and so on", "제품, 제목 등 고치기"), set_document);
  add_document(*set, *arguments);
  add_fields(*set, *arguments);
  add_action(*library, run, arguments, "verify", say("Check everything", "모두 점검"), verify);
  add_action(*library, run, arguments, "rebuild",
             say("Make index and caches anew", "색인과 캐시 다시 만들기"), rebuild);
  add_action(*library, run, arguments, "stats", say("Sizes and counts", "크기와 개수"), show_stats);
}

}  // namespace saseo::cli
