// saseo search: the passages that fit, best first.
#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/json/answer_json.h"
#include "app/json/json.h"
#include "app/library/opening.h"
#include "app/library/search_filter.h"
#include "base/utf8.h"
#include "cli/arguments/filter_arguments.h"
#include "cli/commands/batch.h"
#include "cli/commands/commands.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/say.h"
#include "cli/views/answer_view.h"
#include "cli/views/snippet.h"
#include "index/stored_form.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kSnippetColumns = 220;

struct SearchArguments {
  std::vector<std::string> words;
  app::FilterChoice filter;
  std::optional<std::size_t> limit;
  std::string mode = "fused", batch;
  bool json = false, explain = false;
};

class SearchCommand {
 public:
  SearchCommand(TerminalSession& session, const SearchArguments& arguments)
      : session_(session), arguments_(arguments) {}
  int run();

 private:
  Result<SearchResult> search(const Searcher& searcher, const std::string& text,
                              const app::FilterChoice& filter);
  int search_once(const Searcher& searcher);
  Status show(const SearchResult& result, const Library& library);
  std::string stages(const RankedChunk& hit) const;

  TerminalSession& session_;
  const SearchArguments& arguments_;
};

int SearchCommand::run() {
  const bool json = arguments_.json || !arguments_.batch.empty();
  RankingMode mode = RankingMode::kFused;
  if (arguments_.mode == "lexical") mode = RankingMode::kLexical;
  if (arguments_.mode == "dense") mode = RankingMode::kDense;
  if (arguments_.batch.empty()) {
    if (const auto words = checked_question(joined(arguments_.words)); !words.ok())
      return session_.fail(words.error(), json);
  }
  const Result<app::OpenLibrary> library = app::open_library(session_, {.mode = mode});
  if (!library.ok()) return session_.fail(library.error(), json);
  if (arguments_.batch.empty()) {
    const Result<Searcher> searcher = library->searcher();
    return searcher.ok() ? search_once(*searcher) : session_.fail(searcher.error(), json);
  }
  const Interrupts interrupts;
  return run_batch(session_, arguments_.batch, arguments_.filter, interrupts,
                   [&](const BatchLine& line) -> Result<app::Json> {
                     SASEO_ASSIGN_OR_RETURN(const Searcher searcher, library->searcher());
                     SASEO_ASSIGN_OR_RETURN(const SearchResult result,
                                            search(searcher, line.question, line.filter));
                     return app::search_json(result, searcher.library());
                   });
}

Result<SearchResult> SearchCommand::search(const Searcher& searcher, const std::string& text,
                                           const app::FilterChoice& filter) {
  Query query;
  SASEO_ASSIGN_OR_RETURN(query.text, checked_question(text));
  SASEO_ASSIGN_OR_RETURN(query.filter, app::filter_of(filter, searcher.library()));
  query.limit = arguments_.limit.value_or(session_.config.limit.value);
  return searcher.search(query);
}

int SearchCommand::search_once(const Searcher& searcher) {
  const Result<SearchResult> result = search(searcher, joined(arguments_.words), arguments_.filter);
  if (!result.ok()) return session_.fail(result.error(), arguments_.json);
  if (arguments_.json) {
    const Result<app::Json> json = app::search_json(*result, searcher.library());
    if (!json.ok()) return session_.fail(json.error(), true);
    session_.print_json(app::dump(*json));
  } else if (const Status shown = show(*result, searcher.library()); !shown.ok()) {
    return session_.fail(shown.error(), false);
  }
  return result->hits.empty() ? kExitNotFound : kExitOk;
}

Status SearchCommand::show(const SearchResult& result, const Library& library) {
  const Console& console = session_.console;
  Writer& out = session_.console.out;
  int rank = 0;
  for (const RankedChunk& hit : result.hits) {
    const Chunk& chunk = hit.stored.chunk;
    SASEO_ASSIGN_OR_RETURN(const StoredDocument document, library.document(hit.stored.document));
    std::string place;
    if (chunk.first_page > 0) {
      SASEO_ASSIGN_OR_RETURN(const Page page, library.page(document.id, chunk.first_page));
      place = " · " + page_words(page.number, page.label);
    }
    const std::string number = fmt::format("{:>2}. ", ++rank);
    out.write(console.out_style(Style::kAccent, number) +
              console.out_style(Style::kBold, document_words(document.path, document.info)) +
              place + console.out_style(Style::kDim, fmt::format(" · {:.3f}", hit.hit.score)) +
              "\n");
    if (!chunk.heading_path.empty())
      out.write("    " +
                console.out_style(Style::kDim,
                                  wrap_text(without_controls(join_heading_path(chunk.heading_path)),
                                            console.width, 4)) +
                "\n");
    const std::string snippet =
        snippet_of(without_controls(chunk.text), result.question, kSnippetColumns);
    out.write(
        "    " +
        mark_words(wrap_text(snippet, console.width, 4), result.question,
                   [&](std::string_view word) { return console.out_style(Style::kBold, word); }) +
        "\n");
    if (arguments_.explain) out.write("    " + console.out_style(Style::kDim, stages(hit)) + "\n");
  }
  if (result.hits.empty())
    session_.console.err.write_line(say("nothing found", "찾은 것이 없습니다"));
  if (result.product.decision == ProductDecision::kAmbiguous)
    session_.warn(message("several products fit: {}", "여러 제품이 해당합니다. {}",
                          product_words(result.product)));
  if (arguments_.explain) {
    const SearchTimings& t = result.timings;
    out.write(say("product: {}\ncandidates {}, duplicates dropped {}\n",
                  "제품: {}\n후보 {}개, 중복 {}개 제외\n", product_words(result.product),
                  result.candidates, result.duplicates_dropped));
    out.write(
        say("analyze {:.2f}, lexical {:.2f}, dense {:.2f}, fuse {:.2f}, fetch {:.2f}, total "
            "{:.2f} ms\n",
            "분석 {:.2f}, 낱말 {:.2f}, 의미 {:.2f}, 융합 {:.2f}, 읽기 {:.2f}, 모두 {:.2f} ms\n",
            t.analyze_ms, t.lexical_ms, t.dense_ms, t.fuse_ms, t.fetch_ms, t.total_ms));
  }
  out.flush();
  return {};
}

std::string SearchCommand::stages(const RankedChunk& hit) const {
  const auto place = [](const StagePlace& stage) {
    return stage.rank == 0 ? std::string("-") : fmt::format("#{} {:.3f}", stage.rank, stage.score);
  };
  return say("lexical {} · dense {} · fused {} · coverage {:.2f} · chunk {}",
             "낱말 {} · 의미 {} · 융합 {} · 일치 {:.2f} · 청크 {}", place(hit.lexical),
             place(hit.dense), place(hit.fused), hit.coverage,
             static_cast<std::int64_t>(hit.stored.id));
}

}  // namespace

void add_search_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<SearchArguments>();
  CLI::App* command = program.add_subcommand("search", say("Find passages", "맞는 대목 찾기"));
  command
      ->add_option(
          "words", arguments->words,
          say("What to look for; \"in quotes\": literally", "찾을 말. \"따옴표 안\"은 글자 그대로"))
      ->type_name("TEXT");
  command->add_flag("-j,--json", arguments->json, say("One JSON object", "JSON 객체 하나로 출력"));
  command->add_flag("-e,--explain", arguments->explain,
                    say("Show ranks and scores of each stage", "단계별 순위와 점수 보이기"));
  command->add_option("-n,--limit", arguments->limit, say("Most hits: 10", "결과 수: 10"))
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""));
  command
      ->add_option("--mode", arguments->mode,
                   say("By words, by meaning or both: fused",
                       "낱말(lexical), 의미(dense), 둘 다(fused): fused"))
      ->type_name("fused|lexical|dense")
      ->check(CLI::IsMember({"fused", "lexical", "dense"}).description(""));
  command
      ->add_option("-b,--batch", arguments->batch,
                   say("Searches from JSON lines; - is standard input",
                       "JSON 줄로 된 검색 여럿. -는 표준 입력"))
      ->type_name("FILE");
  add_filter_options(*command, arguments->filter);
  command->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) {
      return SearchCommand(session, *arguments).run();
    };
  });
}

}  // namespace saseo::cli
