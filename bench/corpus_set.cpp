#include "bench/corpus_set.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "base/files.h"
#include "eval/questions/json_fields.h"
#include "eval/questions/question_formats.h"
#include "index/library.h"

namespace saseo::bench {
namespace {

namespace fs = std::filesystem;

// Calls use(fields) for each line of JSON; what is missing is a fault with its line.
template <typename Use>
Status for_each_object(const fs::path& path, const Use& use) {
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(path, eval::kMaxCorpusBytes));
  eval::Faults faults;
  eval::for_each_line(text, faults, [&](std::string_view line, std::size_t number) {
    const Message place = eval::place_of_line(number);
    if (const auto json = eval::parse_json(line, place, faults)) {
      eval::JsonFields fields(*json, place, faults);
      use(fields);
    }
  });
  if (!faults.empty()) return faults.as_error(path.string());
  return {};
}

// Query -> its documents.
Result<std::map<std::string, std::map<std::string, int>>> read_qrels(const fs::path& path) {
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(path, eval::kMaxCorpusBytes));
  std::map<std::string, std::map<std::string, int>> relevant;
  eval::Faults faults;
  eval::for_each_line(text, faults, [&](std::string_view line, std::size_t number) {
    const std::vector<std::string> fields = eval::split_on(line, "\t");
    if (number == 1) return;  // Names of the columns.
    if (fields.size() == 3) {
      relevant[fields[0]][fields[1]] = 1;
    } else {
      faults.add(eval::place_of_line(number), "expected three columns", "세 열이 있어야 합니다");
    }
  });
  if (!faults.empty()) return faults.as_error(path.string());
  return relevant;
}

}  // namespace

void add_corpus_options(CLI::App& app, CorpusOptions& options) {
  CLI::Option* corpus = app.add_option("--corpus", options.corpus, "Documents, one a line");
  CLI::Option* queries = app.add_option("--queries", options.queries, "Questions, one a line");
  CLI::Option* qrels = app.add_option("--qrels", options.qrels, "Which document answers which");
  app.add_option("--field", options.field, "Of a query, its text")->capture_default_str();
  corpus->needs(queries, qrels);
  CLI::Option* sections = app.add_option("--sections", options.sections, "A folder of documents");
  sections->needs(app.add_option("--section-questions", options.section_questions,
                                 "Questions about the sections, one a line"));
  app.add_option("--chunk-tokens", options.chunk_tokens, "Tokens of a chunk at most");
}

Result<CorpusSet> CorpusSet::of_corpus(const CorpusOptions& options) {
  SASEO_ASSIGN_OR_RETURN(WorkFolder work, WorkFolder::make());
  CorpusSet set(std::move(work));
  fs::create_directories(set.files());
  SASEO_RETURN_IF_ERROR(for_each_object(options.corpus, [&](eval::JsonFields& line) {
    std::ofstream out(set.files() / (line.id("id") + ".md"));
    if (const std::string title = line.text("title"); !title.empty())
      out << "# " << title << "\n\n";
    out << line.required_text("text");
  }));
  SASEO_ASSIGN_OR_RETURN(auto relevant, read_qrels(options.qrels));
  SASEO_RETURN_IF_ERROR(for_each_object(options.queries, [&](eval::JsonFields& line) {
    set.add_question(line.required_text(options.field), relevant[line.id("id")]);
  }));
  SASEO_RETURN_IF_ERROR(set.ingest(options.chunk_tokens));
  return set;
}

Result<CorpusSet> CorpusSet::of_sections(const CorpusOptions& options) {
  SASEO_ASSIGN_OR_RETURN(WorkFolder work, WorkFolder::make());
  CorpusSet set(std::move(work));
  fs::create_directories(set.files());
  for (const auto& entry : fs::directory_iterator(options.sections))
    fs::copy(entry.path(), set.files() / entry.path().filename());
  SASEO_RETURN_IF_ERROR(for_each_object(options.section_questions, [&](eval::JsonFields& line) {
    std::map<std::string, int> relevant = {{line.id("gold_section_id"), 1}};
    for (std::string& other : line.texts("gold_alt")) relevant.emplace(std::move(other), 1);
    set.add_question(line.required_text("question"), std::move(relevant));
  }));
  SASEO_RETURN_IF_ERROR(set.ingest(options.chunk_tokens));
  return set;
}

Result<std::vector<CorpusSet>> CorpusSet::all_of(const CorpusOptions& options) {
  std::vector<CorpusSet> sets;
  if (!options.corpus.empty()) {
    SASEO_ASSIGN_OR_RETURN(CorpusSet set, of_corpus(options));
    sets.push_back(std::move(set));
  }
  if (!options.sections.empty()) {
    SASEO_ASSIGN_OR_RETURN(CorpusSet set, of_sections(options));
    sets.push_back(std::move(set));
  }
  return sets;
}

void CorpusSet::add_question(std::string text, std::map<std::string, int> relevant_documents) {
  eval::Question question;
  question.id = std::to_string(questions_.size() + 1);
  question.text = std::move(text);
  question.relevant_documents = std::move(relevant_documents);
  questions_.push_back(std::move(question));
}

Status CorpusSet::ingest(std::size_t chunk_tokens) {
  IngestOptions options;
  if (chunk_tokens > 0) options.chunk.max_tokens = chunk_tokens;
  SASEO_ASSIGN_OR_RETURN(const IngestReport report, work_.ingest({files()}, options));
  description_ = fmt::format("{} documents, {} chunks, {} failed; {} questions", report.added,
                             report.chunks, report.failed, questions_.size());
  SASEO_ASSIGN_OR_RETURN(const Library made, Library::open(library()));
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, made.documents());
  for (const StoredDocument& document : documents) {
    names_[static_cast<std::int64_t>(document.id)] = document.path.stem().string();
  }
  return {};
}

}  // namespace saseo::bench
