// Runner: asks every question of every contestant through the whole way, from search to checked
// citations, and records the answers in a run.
//
// - The search runs once for all contestants of one setting; the answers share its passages.
// - One contestant's model is in memory at a time.
// - An answer is made anew only when what it was made from changed: question, conversation,
//   passages, model, settings. What is there is passed over, so a run that was killed goes on.
// - A model that fails on a question is recorded with its error, and the run goes on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/records/run_progress.h"
#include "eval/records/run_store.h"
#include "generation/answerer.h"

namespace saseo::eval {

struct SearchSettings {
  RankingOptions ranking;
  AnswererOptions answering;
  std::string description;  // Tells every value apart; a part of each answer's hash.
};

struct ContestantSpec {
  StoredContestant stored;  // `identity` covers the model and how it is run, not the search.
  SearchSettings search;
  // Called when there is something to answer, after the contestant before has left the memory.
  // Empty: only the search is measured.
  std::function<Result<std::unique_ptr<LanguageModel>>(std::stop_token)> open;
};

struct RunReport {
  std::size_t computed = 0, reused = 0, failed = 0;
};

// Questions and contestants are written into the run first. Fails with kCancelled when stopped:
// what was answered stays. Other failures are of the library, the run's file, or a model that
// cannot be opened.
Result<RunReport> run_questions(RunStore& run, std::span<const Question> questions,
                                std::span<const ContestantSpec> contestants,
                                const std::filesystem::path& library, const RunObserver& observer,
                                std::stop_token stop);

// Of every document's content and how it was read.
Result<std::string> index_hash(const Library& library);

}  // namespace saseo::eval
