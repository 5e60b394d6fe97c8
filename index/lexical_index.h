// Lexical search: BM25F over two fields (heading path, body) and two kinds of term.
//
//   tf(t, c)    = w_h tf_h / (1 - b_h + b_h len_h / avg_h) + tf_b / (1 - b_b + b_b len_b / avg_b)
//   score(q, c) = sum, over kinds k and terms t of q, of weight_k qtf(t) idf(t) (k1 + 1) tf / (k1 + tf)
//   idf(t)      = ln(1 + (N - df + 0.5) / (df + 0.5))
//
// Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009,
// section 3.6 (BM25F with a saturation common to all fields).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "index/analyzer.h"
#include "index/postings.h"

namespace saseo {

struct LexicalOptions {
  float k1 = 1.2f;         // Saturation: larger values let repetition count more.
  float body_b = 0.5f;     // Length normalisation of the body, 0 none, 1 full.
  float heading_b = 0.3f;  // Of the heading path.
  // What one occurrence in the heading path counts, in body occurrences.
  float heading_weight = 2.5f;
  float bigram_weight = 1.0f;
  float stem_weight = 1.0f;
};

// score[ordinal] of every chunk of the postings; 0 where no term of the question occurs.
std::vector<float> score_lexically(const Postings& postings, const Terms& question,
                                   const LexicalOptions& options = {});

// Share of the question's term weight (idf, each term once) that the chunk contains, 0 to 1. A term
// that no chunk contains counts with the largest idf: what the library never names, weighs most.
float covered_share(const Postings& postings, const Terms& question, std::uint32_t ordinal);

}  // namespace saseo
