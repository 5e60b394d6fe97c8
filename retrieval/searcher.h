// Searcher: question -> hits. The question's words and the words by which manuals say them
// (search_text.h) are ranked densely and lexically, fused and filtered; near-duplicates are
// dropped; the best hits are put into the order in which they answer (rerank.h) and kept to one
// product where the question or the hits say so.
#pragma once

#include <utility>

#include "base/result.h"
#include "index/library_host.h"
#include "retrieval/query.h"
#include "retrieval/ranker.h"
#include "retrieval/search_result.h"

namespace saseo {

// A library lease with options: made for one request, and cheap to make. What it finds depends on
// the lease's state of the library, the options and the query alone. One thread at a time; any
// number of searchers of one host search at once.
class Searcher {
 public:
  // Of the last committed state, with the vectors of options.embedder.
  static Result<Searcher> open(const LibraryHost& host, const RankingOptions& options = {});

  // Where the library holds manuals in the question's language and in another, both are searched,
  // and the hits are those of the former unless the latter answer clearly better.
  Result<SearchResult> search(const Query& query) const;

  const Snapshot& snapshot() const { return lease_.snapshot(); }
  const Library& library() const { return lease_.library(); }
  const TermWeights& weights() const { return snapshot().weights; }
  // The Korean dictionary takes about 0.2 s the first time; a search loads it when needed.
  Analyzer& analyzer() const { return lease_.analyzer(); }

 private:
  Searcher(LibraryLease lease, const RankingOptions& options)
      : lease_(std::move(lease)), options_(options) {}

  LibraryLease lease_;
  RankingOptions options_;
};

}  // namespace saseo
