// Answerer: a question to an answer with citations. Puts the subject back into a follow-up,
// searches, asks or refuses where it must, lets the model answer from the context, and completes
// the citations. answer() does it all; its three steps are there for those who ask several models
// the same, or want to know what a model would be shown.
#pragma once

#include <stop_token>
#include <vector>

#include "base/result.h"
#include "generation/answer.h"
#include "generation/conversation.h"
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

// A searcher, a model and options, without a state of its own: made for one request, and cheap to
// make. Borrows searcher and model. Any number of answerers, each with its own searcher, work at
// once; they may share a model that is thread-safe.
class Answerer {
 public:
  Answerer(const Searcher& searcher, LanguageModel& model, const AnswererOptions& options = {})
      : searcher_(searcher), model_(model), options_(options) {}

  // Streams the answer's text to `sink` (may be empty), then gives it whole: the two are equal.
  // The text is in the question's language. A question that leaves the product open when several
  // fit gets a part from each under its name, or is asked back where they are many; a follow-up
  // keeps the product of the question before.
  // The conversation is left as it is: Conversation::remember(answer) adds to it, which is up to its
  // owner, who alone knows whether the answer came to be said.
  Result<Answer> answer(const Conversation& conversation, const Query& query, const TextSink& sink,
                        std::stop_token stop = {}) const;

  // The steps of answer().
  Result<PlannedQuestion> plan(const Conversation& conversation, const Query& query,
                               std::stop_token stop = {}) const;
  Result<FoundPassages> find(const PlannedQuestion& planned) const;
  // find() with what search(planned.search) of the searcher gave, so that one search serves several
  // options. Where the manuals in the question's language are silent, those in the other one are
  // searched, too.
  Result<FoundPassages> find_in(const PlannedQuestion& planned, SearchResult result) const;
  Result<Answer> write(const Conversation& conversation, const FoundPassages& found,
                       const TextSink& sink, std::stop_token stop = {}) const;

 private:
  // From the manuals whose hits these are.
  Result<FoundPassages> decide(const PlannedQuestion& planned, SearchResult result) const;

  const Searcher& searcher_;
  LanguageModel& model_;
  AnswererOptions options_;
};

}  // namespace saseo
