// All that decides from which passages an answer is made, and whether there is one: what
// `saseo eval tune` searches and a profile holds.
#pragma once

#include <cstddef>
#include <string>

#include "generation/answerer.h"
#include "ingest/chunker.h"
#include "retrieval/ranker.h"

namespace saseo {

struct AnswerSettings {
  std::size_t chunk_tokens = ChunkOptions().max_tokens;  // Of the library, when it is made.
  RankingOptions ranking;
  AnswererOptions answering;
};

// Tells every value apart but chunk_tokens, which is the library's, and RankingOptions::mode.
std::string search_words(const RankingOptions& ranking, const AnswererOptions& answering);

}  // namespace saseo
