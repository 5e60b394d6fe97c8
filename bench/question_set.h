// Question files (corpora/README.md) and throw-away libraries, for the benches that ask.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "generation/answerer.h"

namespace saseo::bench {

struct GoldSection {
  std::vector<std::string> path;  // Headings from the chapter down.
  std::vector<int> pages;         // PDF pages; empty when unknown.
};

struct BenchQuestion {
  std::string id, type, split, text, follows, product;
  bool lead = false;
  std::vector<std::vector<std::string>> facts;  // One spelling of each must be in the answer.
  std::vector<GoldSection> gold;                // Empty: the manuals are silent.
  bool answerable() const { return !gold.empty() || (type != "unanswerable" && facts.empty()); }
};

// JSON Lines as in corpora/README.md; unknown keys are passed over. `product` (optional) filters.
Result<std::vector<BenchQuestion>> read_questions(const std::filesystem::path& file);

// A library in a new temporary folder, removed with the object.
class TemporaryLibrary {
 public:
  static Result<TemporaryLibrary> of(const std::vector<std::filesystem::path>& manuals,
                                     const std::filesystem::path& pdf_helper);
  TemporaryLibrary(TemporaryLibrary&& other) noexcept;
  TemporaryLibrary& operator=(TemporaryLibrary&& other) noexcept;
  ~TemporaryLibrary();
  const std::filesystem::path& folder() const { return folder_; }

 private:
  explicit TemporaryLibrary(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

// The folders' manuals (every PDF) and questions (questions.jsonl): each folder alone, and all in
// one library where there are several.
struct Setting {
  std::string name;
  TemporaryLibrary library;
  std::vector<BenchQuestion> questions;
};
Result<std::vector<Setting>> settings_of(const std::vector<std::string>& folders,
                                         const std::filesystem::path& pdf_helper);

// The headings are a gold section's or below it; without headings: the page is a gold page.
bool meets(const std::vector<std::string>& heading_path, int page, const BenchQuestion& question);

// A library that does not change, asked of the extractive model. Thread-compatible.
class AskedLibrary {
 public:
  static Result<AskedLibrary> open(const std::filesystem::path& folder,
                                   const AnswererOptions& options = {});

  // Asks the question in a new conversation, after the question that it follows (found in `all`).
  Result<Answer> ask(const BenchQuestion& question, const std::vector<BenchQuestion>& all) const;
  const Searcher& searcher() const { return searcher_; }

 private:
  AskedLibrary(Searcher searcher, const AnswererOptions& options);

  Searcher searcher_;
  std::unique_ptr<LanguageModel> model_;
  AnswererOptions options_;
};

}  // namespace saseo::bench
