// Puts the hits of a search into the order in which they answer the question: the search's own
// score, and what the chunk's sentences hold of the question (evidence.h), other words for its
// subjects and the quantity it asks for included.
#pragma once

#include <span>

#include "base/result.h"
#include "index/library.h"
#include "index/term_weights.h"
#include "retrieval/question.h"
#include "retrieval/search_result.h"

namespace saseo {

// Replaces the hits' scores (0 to about 1) and sorts them, best first. The hits may come from
// several searches: scores of the stages are compared, not the fused ones.
Status rerank_hits(SearchResult& result, const ParsedQuestion& question, const Library& library,
                   Analyzer& analyzer);

// Decides between the products of the hits, which were reranked: kWins when the hits of one answer
// clearly best (those of the others are dropped), else kAmbiguous with those that fit equally.
// kNone when the hits are of one product. A word for the device ("청소기") decides alone where the
// name or the manual of one product holds it and the others' hardly do.
void settle_product(SearchResult& result, const ParsedQuestion& question,
                    std::span<const StoredDocument> documents, const TermWeights& weights);

// Decides for this product and drops the hits of the others.
void keep_product(SearchResult& result, std::span<const StoredDocument> documents,
                  const std::string& product);

}  // namespace saseo
