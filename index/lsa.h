// Latent semantic analysis fitted on the library.
//
//   A (chunks, terms):  a(c, t) = ln(1 + tf) g(t),  rows scaled to unit length
//   g(t) = 1 + sum over c of p ln p / ln N,  p = tf(c, t) / sum over c of tf(c, t)     log-entropy
//   A ~ U S V^T, the `dims` largest singular values
//   vector of a text = its row times V, scaled to unit length
//
// Sources: Deerwester et al., "Indexing by Latent Semantic Analysis", 1990; Dumais 1991
// (log-entropy); Halko, Martinsson and Tropp, "Finding Structure with Randomness", 2011,
// algorithm 4.4 (SVD).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/postings.h"

namespace saseo {

struct LsaOptions {
  std::size_t dims = 128;          // Fewer when the library has fewer chunks.
  std::size_t min_chunks = 2;      // Terms in fewer chunks tell nothing of others.
  float max_share = 0.5f;          // Terms in a larger share of the chunks are left out.
  std::size_t max_terms = 60'000;  // The most frequent ones.
  std::size_t oversampling = 16;   // Called p in Halko et al.
  int power_iterations = 3;        // Called q there.
  float heading_weight = 2.0f;     // An occurrence in the heading path, in body occurrences.
  std::uint64_t seed = 20260301;
};

// Dimension names: T terms, N chunks, D dims.
struct LsaModel {
  std::size_t dims = 0;
  std::vector<std::string> terms;  // (T) with the kind in front, as Postings::term_text gives them.
  std::vector<float> weights;      // (T) g(t)
  std::vector<float> vectors;      // (T, D) V
};

struct LsaFit {
  LsaModel model;
  std::vector<float> chunk_vectors;  // (N, D), unit rows, in the order of Postings::chunks().
};

// Deterministic for a seed and a processor family. Gives dims = 0 when there is nothing to fit.
LsaFit fit_lsa(const Postings& postings, const LsaOptions& options = {});

}  // namespace saseo
