// Our own manuals and the questions about them (corpora/README.md) in throw-away libraries, for the
// programs that fit weights.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/work_folder.h"
#include "eval/questions/question_set.h"
#include "generation/answerer.h"

namespace saseo::bench {

// The questions of all files, one after the other.
Result<std::vector<eval::Question>> read_questions(const std::vector<std::string>& files);

// A library of manuals and the questions that are asked of it.
struct Setting {
  std::string name;
  WorkFolder work;
  std::vector<eval::Question> questions;
};

// Of each folder its manuals (every PDF) and questions (questions.jsonl): each folder alone, and
// before them all in one library where there are several.
Result<std::vector<Setting>> settings_of(const std::vector<std::string>& folders,
                                         const std::filesystem::path& pdf_helper);

// The hit is a part of a gold section of the question.
bool is_gold(const RankedChunk& hit, const eval::Question& question);

// A library that does not change, asked of the extractive model. Thread-compatible.
class AskedManuals {
 public:
  static Result<AskedManuals> open(const Setting& setting, const AnswererOptions& options = {});

  // Asks the question in a new conversation, after its earlier turns.
  Result<Answer> ask(const eval::Question& question) const;
  const Searcher& searcher() const { return searcher_; }

 private:
  AskedManuals(Searcher searcher, const AnswererOptions& options);

  Searcher searcher_;
  std::unique_ptr<LanguageModel> model_;
  AnswererOptions options_;
};

}  // namespace saseo::bench
