// Draft questions for a manual of the library, for a person to correct: nothing of them is checked.
// A draft is the same for the same manual, options and seed; a model's words are the model's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/questions/question_set.h"
#include "generation/chat_model.h"
#include "index/library.h"

namespace saseo::eval {

struct DraftOptions {
  std::uint64_t seed = 1;  // Which of the candidates are taken.
  // At most so many of each type; a type that is not there is not drafted.
  std::map<std::string, std::size_t> quotas = {{"how-to", 8}, {"specification", 5},
                                               {"table", 6},  {"troubleshooting", 6},
                                               {"yes-no", 5}, {"unanswerable", 5}};
  // Words the questions. Borrowed for the call; nullptr: patterns do.
  ChatModel* model = nullptr;
  std::function<void(std::size_t done, std::size_t all)> on_progress;  // May be empty.
};

struct DraftQuestion {
  Question question;
  std::vector<std::string> absent;  // Of unanswerable ones: words that the manual does not hold.
  bool by_model = false;            // Its words are the model's.
};

struct Draft {
  std::vector<DraftQuestion> questions;  // By type, then in the manual's order; ids in this order.
  std::map<std::string, std::size_t> candidates;  // Of each type, those there were to take from.
  std::size_t refused_wordings = 0;  // Of the model's, unfit: the pattern's stand instead.
};

// Choices are spread over the manual, and of one section at most a third of a type's quota.
// kBadInput when the manual holds nothing to ask about; kCancelled when stopped.
Result<Draft> draft_questions(const Library& library, DocumentId document,
                              const DraftOptions& options = {}, std::stop_token stop = {});

// As JSON Lines that read_question_set() reads, each with "reviewed": false.
std::string json_lines_of(const Draft& draft);

}  // namespace saseo::eval
