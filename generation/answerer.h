// Answerer: a question to an answer with citations. Puts the subject back into a follow-up,
// searches, asks or refuses where it must, lets the model answer from the context, and completes
// the citations.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "generation/answer.h"
#include "generation/language_model.h"
#include "generation/refusal.h"
#include "retrieval/context.h"
#include "retrieval/query.h"
#include "retrieval/searcher.h"

namespace saseo {

struct AnswererOptions {
  ContextOptions context;
  RefusalOptions refusal;
  std::size_t hits = 60;  // Asked of the search.
};

// Thread-compatible. Remembers the conversation until reset().
class Answerer {
 public:
  // Borrows nothing: owns searcher and model.
  Answerer(Searcher searcher, std::unique_ptr<LanguageModel> model,
           const AnswererOptions& options = {});
  Answerer(Answerer&&) noexcept;
  Answerer& operator=(Answerer&&) noexcept;
  ~Answerer();

  // Streams the answer's text to `sink` (may be empty), then gives it whole: the two are equal.
  // The text is in the question's language. A question that leaves the product open when several
  // fit gets a part from each under its name, or is asked back where they are many; a follow-up
  // keeps the product of the question before.
  Result<Answer> answer(const Query& query, const TextSink& sink, std::stop_token stop = {});

  void reset();  // Forgets the conversation.
  std::span<const Turn> history() const;
  Searcher& searcher();
  LanguageModel& model();
  void set_model(std::unique_ptr<LanguageModel> model);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saseo
