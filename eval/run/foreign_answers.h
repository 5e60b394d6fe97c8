// Answers that another system gave to the questions of a set, to be scored beside ours.
//
//   *.jsonl       {"id": "phone-005", "answer": "...",
//                  "citations": [{"document": "...", "page": 22, "section": "Charging > Wireless"}],
//                  "seconds": 3.2, "model": "other-7b", "refused": false}
//   *.csv, *.tsv  columns of the same names; citations are the columns document, section and page
//
// docs/question-sets.md describes both.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/questions/question_set.h"

namespace saseo::eval {

struct ForeignAnswer {
  std::string question_id;
  std::string text;  // May be empty: nothing was answered.
  std::vector<GoldSection> citations;
  bool told_citations = false;    // Else whether it cites is not known.
  std::optional<double> seconds;  // From the question to the end of the answer.
  std::string model;              // Empty when not told.
  std::optional<bool> refused;    // Told by the system itself.
};

struct ForeignAnswers {
  std::vector<ForeignAnswer> answers;  // At most one for a question and model. Not empty.
  std::string hash;                    // content_hash() of the file.
  std::vector<Message> notes;          // For people, as QuestionSet::notes.
};
// All faults, each with line and field, are in one error.
Result<ForeignAnswers> read_foreign_answers(const std::filesystem::path& path);

// Its answers alone.
Result<std::vector<ForeignAnswer>> read_answers(const std::filesystem::path& path);

}  // namespace saseo::eval
