// When the manuals are silent: a logistic model over what the search found.
//
//   confidence = 1 / (1 + exp(-(w0 + sum of w_i f_i)))
//
// The weights and the threshold come from bench/calibrate_refusal on the development half of our
// own questions (corpora/*/questions.jsonl, split "dev"); the file names the figures it reached.
#pragma once

#include <array>
#include <string_view>

#include "retrieval/context.h"
#include "retrieval/searcher.h"

namespace saseo {

struct RefusalOptions {
  float threshold = 0.5f;  // Smaller answers more and refuses less.
};

// The confidence, 0 to 1, that the passages answer the question.
float answer_confidence(const SearchResult& result, const Context& context, Analyzer& analyzer);

}  // namespace saseo
