// saseo ingest: manuals -> library.
#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/json/json.h"
#include "app/json/library_json.h"
#include "app/library/opening.h"
#include "app/library/search_filter.h"
#include "cli/commands/commands.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/say.h"
#include "cli/views/answer_view.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kWarningsShown = 8;  // Of one document; `saseo library show` has them all.

struct IngestArguments {
  std::vector<std::string> paths, include, exclude;
  std::string product, language, password;
  std::optional<std::size_t> chunk_tokens;
  bool again = false, json = false, quiet = false;
};

std::string outcome_words(FileOutcome outcome) {
  switch (outcome) {
    case FileOutcome::kAdded:
      return say("added", "추가");
    case FileOutcome::kUpdated:
      return say("updated", "갱신");
    case FileOutcome::kUnchanged:
      return say("unchanged", "그대로");
    case FileOutcome::kSkipped:
      return say("skipped", "건너뜀");
    case FileOutcome::kFailed:
      return say("failed", "실패");
  }
  return "";
}

Style style_of(FileOutcome outcome) {
  if (outcome == FileOutcome::kFailed) return Style::kError;
  if (outcome == FileOutcome::kSkipped) return Style::kWarning;
  return outcome == FileOutcome::kUnchanged ? Style::kDim : Style::kGood;
}

std::string language_words(Language language) {
  if (language == Language::kKorean) return say("Korean", "한국어");
  if (language == Language::kEnglish) return say("English", "영어");
  return say("unknown", "모름");
}

class IngestCommand {
 public:
  IngestCommand(TerminalSession& session, const IngestArguments& arguments)
      : session_(session),
        arguments_(arguments),
        progress_(session.console, !arguments.json && !arguments.quiet) {}
  int run();

 private:
  Result<IngestOptions> options() const;
  void show_file(const FileReport& report);
  void show_info(const FileReport& report);
  void show_warnings(const FileReport& report);
  void show_summary(const IngestReport& report);

  TerminalSession& session_;
  const IngestArguments& arguments_;
  ProgressBar progress_;
  Interrupts interrupts_;
};

Result<IngestOptions> IngestCommand::options() const {
  IngestOptions options;
  options.read = session_.read_options(pdf_password(arguments_.password));
  options.chunk.max_tokens = arguments_.chunk_tokens.value_or(session_.config.chunk_tokens.value);
  options.product = arguments_.product;
  if (!arguments_.language.empty()) {
    SASEO_ASSIGN_OR_RETURN(options.language, app::parse_language(arguments_.language));
  }
  options.include = arguments_.include;
  options.exclude = arguments_.exclude;
  options.again = arguments_.again;
  return options;
}

int IngestCommand::run() {
  if (!arguments_.password.empty() && !arguments_.quiet)
    session_.warn(
        message("other users can see --password in the list of processes; "
                "SASEO_PDF_PASSWORD is safer",
                "--password는 다른 사용자가 프로세스 목록에서 볼 수 있습니다. "
                "SASEO_PDF_PASSWORD가 더 안전합니다"));
  const Result<IngestOptions> chosen = options();
  if (!chosen.ok()) return session_.fail(chosen.error(), arguments_.json);
  const std::vector<std::filesystem::path> paths(arguments_.paths.begin(), arguments_.paths.end());
  const auto files = find_files(paths, chosen->include, chosen->exclude);
  if (!files.ok()) return session_.fail(files.error(), arguments_.json);
  Result<LibraryWriter> writer = LibraryWriter::open(session_.library());
  if (!writer.ok()) return session_.fail(writer.error(), arguments_.json);
  if (!arguments_.quiet) app::tell_of_reindexing(session_, *writer);

  IngestObserver observer;
  observer.on_progress = [&](const IngestProgress& progress) { progress_.show(progress); };
  observer.on_file = [&](const FileReport& report) { show_file(report); };
  observer.on_embedding = [&] { progress_.show_text(say("indexing ...", "색인을 만드는 중 ...")); };
  const Result<IngestReport> report =
      ingest_files(*writer, *files, *chosen, observer, interrupts_.token());
  progress_.clear();
  if (interrupts_.requested() && session_.console.err.is_terminal())
    session_.console.err.write_line("");  // Below the "^C" that the terminal shows.
  if (!report.ok()) return session_.fail(report.error(), arguments_.json);
  show_summary(*report);
  if (report->cancelled) return kExitInterrupted;
  return report->failed > 0 ? kExitInput : kExitOk;
}

void IngestCommand::show_file(const FileReport& report) {
  if (arguments_.json) return session_.print_json(app::dump(app::file_json(report, wording())));
  const bool bad = report.outcome == FileOutcome::kFailed;
  if (arguments_.quiet && !bad) return;
  progress_.clear();
  Console& console = session_.console;
  if (bad || report.outcome == FileOutcome::kSkipped) {
    // A file that a folder merely holds is passed over with a word; one that was named is told why.
    const bool named = std::ranges::any_of(arguments_.paths, [&](const std::string& path) {
      return std::filesystem::path(path).filename() == report.path.filename();
    });
    console.out.flush();
    console.err.write_line(
        console.err_style(style_of(report.outcome), outcome_words(report.outcome)) + "  " +
        without_controls(bad || named ? told(report.error) : report.path.filename().string()));
    return;
  }
  std::string line = console.out_style(style_of(report.outcome), outcome_words(report.outcome)) +
                     "  " + without_controls(report.path.filename().string());
  std::string facts = say("document {}", "문서 {}", static_cast<std::int64_t>(report.document));
  if (report.pages > 0) facts += say(" · {} pages", " · {}쪽", report.pages);
  facts += say(" · {} chunks", " · {}청크", report.chunks);
  if (report.outcome == FileOutcome::kUpdated)
    facts += say(" ({} kept)", " ({}개 재사용)", report.kept_chunks);
  if (report.outcome != FileOutcome::kUnchanged)
    facts += say(" · {:.1f} s", " · {:.1f}초", report.seconds);
  console.out.write_line(line + "  " + console.out_style(Style::kDim, facts));
  if (report.outcome == FileOutcome::kUnchanged) return;
  show_info(report);
  show_warnings(report);
}

void IngestCommand::show_info(const FileReport& report) {
  const DocumentInfo& info = report.info;
  const auto or_dash = [](const std::string& text) {
    return text.empty() ? std::string("-") : without_controls(text);
  };
  const std::string words =
      say("title {} · product {} · model {} · edition {} · {}",
          "제목 {} · 제품 {} · 모델 {} · 판 {} · {}", or_dash(info.title), or_dash(info.product),
          or_dash(info.model_number), or_dash(info.edition), language_words(info.language));
  session_.console.out.write_line("      " + wrap_text(words, session_.console.width, 6));
}

void IngestCommand::show_warnings(const FileReport& report) {
  Console& console = session_.console;
  console.out.flush();
  for (std::size_t i = 0; i < report.warnings.size() && i < kWarningsShown; ++i) {
    const ReadWarning& warning = report.warnings[i];
    const std::string place = warning.page > 0 ? page_words(warning.page, "") + ": " : "";
    console.err.write_line("      " + console.err_style(Style::kWarning, say("! ", "! ")) + place +
                           without_controls(say(warning.message)));
  }
  if (report.warnings.size() > kWarningsShown)
    console.err.write_line(
        say("      ! and {} more: saseo library show {}", "      ! 외 {}건: saseo library show {}",
            report.warnings.size() - kWarningsShown, static_cast<std::int64_t>(report.document)));
}

void IngestCommand::show_summary(const IngestReport& report) {
  if (arguments_.json) return session_.print_json(app::dump(app::ingest_summary_json(report)));
  if (arguments_.quiet) return;
  Console& console = session_.console;
  std::string counts;
  const auto count = [&](FileOutcome outcome, std::size_t number) {
    if (number == 0) return;
    counts += (counts.empty() ? "" : ", ") + outcome_words(outcome) + " " + std::to_string(number);
  };
  count(FileOutcome::kAdded, report.added);
  count(FileOutcome::kUpdated, report.updated);
  count(FileOutcome::kUnchanged, report.unchanged);
  count(FileOutcome::kSkipped, report.skipped);
  count(FileOutcome::kFailed, report.failed);
  const std::size_t documents = report.added + report.updated + report.unchanged;
  console.out.write(console.out_style(
      Style::kBold,
      say("documents: {} ({}), pages: {}, chunks: {}, {:.1f} s",
          "문서 {}개({}), {}쪽, {}청크, {:.1f}초", documents, counts.empty() ? "-" : counts,
          report.pages, report.chunks, report.seconds)));
  if (report.warnings > 0) console.out.write(say(", warnings: {}", ", 주의 {}건", report.warnings));
  console.out.write("\n");
  if (report.cancelled)
    console.out.write(say("Stopped. What was read is kept; run the same command to go on.\n",
                          "멈췄습니다. 읽은 문서는 저장되었으니 같은 명령으로 이어 하세요.\n"));
  if (report.added + report.updated > 0)
    console.out.write(console.out_style(
        Style::kDim, say("Wrong product or title? saseo library set NUMBER --product NAME\n",
                         "제품이나 제목이 틀렸다면: saseo library set 번호 --product 이름\n")));
  console.out.flush();
}

}  // namespace

void add_ingest_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<IngestArguments>();
  CLI::App* command = program.add_subcommand(
      "ingest", say("Read manuals into the library", "설명서를 라이브러리에 넣기"));
  command
      ->add_option("paths", arguments->paths,
                   say("PDF, Markdown, HTML and text files, or folders",
                       "PDF, Markdown, HTML, 텍스트 파일 또는 폴더"))
      ->type_name("PATH")
      ->required();
  command
      ->add_option("-p,--product", arguments->product,
                   say("The product of all these manuals", "이 설명서들의 제품"))
      ->type_name("NAME");
  command
      ->add_option("--language", arguments->language,
                   say("The language of all these manuals", "이 설명서들의 언어"))
      ->type_name("ko|en");
  command
      ->add_option("--include", arguments->include,
                   say("Only files like this, such as '*.pdf' (repeatable)",
                       "이런 파일만, 보기: '*.pdf' (여러 번 쓸 수 있음)"))
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command
      ->add_option("--exclude", arguments->exclude,
                   say("No files like this (repeatable)", "이런 파일은 빼기 (여러 번 쓸 수 있음)"))
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command
      ->add_option("--chunk-tokens", arguments->chunk_tokens,
                   say("Size of chunks: 320", "청크의 크기: 320"))
      ->type_name("N")
      ->check(CLI::Range(32, 8192).description(""));
  command
      ->add_option("--password", arguments->password,
                   say("Of encrypted PDFs; SASEO_PDF_PASSWORD is safer",
                       "PDF 암호. SASEO_PDF_PASSWORD가 더 안전함"))
      ->type_name("TEXT");
  command->add_flag("-a,--again", arguments->again,
                    say("Read unchanged files too", "바뀌지 않은 파일도 다시 읽기"));
  command->add_flag("-j,--json", arguments->json,
                    say("One JSON line a file, then a summary", "파일마다 JSON 한 줄, 끝에 요약"));
  command->add_flag("-q,--quiet", arguments->quiet, say("Only errors", "오류만 출력"));
  command->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) {
      return IngestCommand(session, *arguments).run();
    };
  });
}

}  // namespace saseo::cli
