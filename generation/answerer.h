// Answerer: a question to an answer with citations. Puts the subject back into a follow-up,
// searches, asks or refuses where it must, lets the model answer from the context, and completes
// the citations. answer() does it all; its three steps are there for those who ask several models
// the same, or want to know what a model would be shown.
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

// A question as it is searched for.
struct PlannedQuestion {
  Query search;
  Answer answer;  // asked, question, language and what a rewriting took.
};

// What was found, and whether a model is to answer from it; the same for every model.
struct FoundPassages {
  Answer answer;                  // All but what a model adds.
  bool decided = false;           // `answer` is whole: a refusal or a question back.
  std::vector<RankedChunk> hits;  // Best first.
  bool silent = false;            // Decided because the manuals asked are silent.
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

  // The steps of answer(). Of the conversation, plan() reads and write() adds to it.
  Result<PlannedQuestion> plan(const Query& query, std::stop_token stop = {});
  Result<FoundPassages> find(const PlannedQuestion& planned);
  // find() with what searcher().search(planned.search) gave, so that one search serves several
  // options. Where the manuals in the question's language are silent, those in the other one are
  // searched, too.
  Result<FoundPassages> find_in(const PlannedQuestion& planned, SearchResult result);
  Result<Answer> write(const FoundPassages& found, const TextSink& sink, std::stop_token stop = {});

  void reset();  // Forgets the conversation.
  // As if the turn had just been; `product` was talked about, if any was.
  void remember(const Turn& turn, std::string_view product);
  std::span<const Turn> history() const;
  const std::string& product() const;  // Talked about; empty before an answer.
  Searcher& searcher();
  LanguageModel& model();
  void set_model(std::unique_ptr<LanguageModel> model);
  void set_options(const AnswererOptions& options);

 private:
  // From the manuals whose hits these are.
  Result<FoundPassages> decide(const PlannedQuestion& planned, SearchResult result);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saseo
