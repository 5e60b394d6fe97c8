// Public sets of documents and questions with known documents, each read, chunked and indexed the
// real way into a throw-away library.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/work_folder.h"
#include "eval/questions/question_set.h"

namespace saseo::bench {

// Where the sets lie; what is empty is not read.
struct CorpusOptions {
  // One document a line {"id", "text"[, "title"]}, queries {"id", `field`}, and under a line of
  // names "query-id TAB corpus-id TAB score".
  std::string corpus, queries, qrels;
  std::string field = "query";
  // One document a Markdown file; questions {"question", "gold_section_id", "gold_alt"}.
  std::string sections, section_questions;
  std::size_t chunk_tokens = 0;  // 0: as the program chunks.
};
// --corpus FILE --queries FILE --qrels FILE [--field NAME], --sections FOLDER --section-questions
// FILE, --chunk-tokens N.
void add_corpus_options(CLI::App& app, CorpusOptions& options);

class CorpusSet {
 public:
  static Result<CorpusSet> of_corpus(const CorpusOptions& options);
  static Result<CorpusSet> of_sections(const CorpusOptions& options);
  // Every set that the options name.
  static Result<std::vector<CorpusSet>> all_of(const CorpusOptions& options);

  std::filesystem::path library() const { return work_.library(); }
  // With the names of their relevant documents; the ids are their numbers in the file.
  const std::vector<eval::Question>& questions() const { return questions_; }
  // The document's name, as in eval::Question::relevant_documents.
  const std::string& name_of(std::int64_t document) const { return names_.at(document); }
  const std::string& description() const { return description_; }  // Counts, for people.

 private:
  explicit CorpusSet(WorkFolder work) : work_(std::move(work)) {}
  std::filesystem::path files() const { return work_.path() / "files"; }
  void add_question(std::string text, std::map<std::string, int> relevant_documents);
  Status ingest(std::size_t chunk_tokens);

  WorkFolder work_;
  std::vector<eval::Question> questions_;
  std::map<std::int64_t, std::string> names_;
  std::string description_;
};

}  // namespace saseo::bench
