// Public sets of documents and questions with known documents, each read, chunked and indexed the
// real way into a throw-away library.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/arguments.h"

namespace saseo::bench {

struct CorpusQuestion {
  std::string text;
  std::set<std::string> gold;  // Names of documents.
};

// The names of the options by which a set is given:
//
//   --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv [--field query]
//       one document a line {"id", "text"[, "title"]}, queries {"id", "query"}, qrels "query id
//       document id  1"
//   --sections FOLDER --section-questions dev.jsonl
//       one document a Markdown file; questions {"question", "gold_section_id", "gold_alt"}
class CorpusSet {
 public:
  static Result<CorpusSet> of_corpus(const std::filesystem::path& corpus,
                                     const std::filesystem::path& queries,
                                     const std::filesystem::path& qrels, const std::string& field,
                                     std::size_t chunk_tokens);
  static Result<CorpusSet> of_sections(const std::filesystem::path& folder,
                                       const std::filesystem::path& questions,
                                       std::size_t chunk_tokens);
  // Every set that the arguments give.
  static Result<std::vector<CorpusSet>> of_arguments(const Arguments& arguments);

  CorpusSet(CorpusSet&& other) noexcept;
  CorpusSet& operator=(CorpusSet&&) = delete;
  ~CorpusSet();

  std::filesystem::path library() const { return work_ / "library"; }
  const std::vector<CorpusQuestion>& questions() const { return questions_; }
  // The document's name, as in CorpusQuestion::gold.
  const std::string& name_of(std::int64_t document) const { return names_.at(document); }
  const std::string& description() const { return description_; }  // Counts, for people.

 private:
  CorpusSet() = default;
  Status make(std::size_t chunk_tokens);

  std::filesystem::path work_;
  std::vector<CorpusQuestion> questions_;
  std::map<std::int64_t, std::string> names_;
  std::string description_;
};

}  // namespace saseo::bench
