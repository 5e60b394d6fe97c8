// Context: the passages that an answer may rest on, in reading order, within a token budget. Each
// hit is widened to its whole section where the budget allows, then by its neighbours.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "index/library.h"
#include "retrieval/search_result.h"

namespace saseo {

// A stretch of one document under one heading: adjacent chunks of a section, joined.
struct Passage {
  int number = 0;  // 1, 2, ... as cited; in order of relevance.
  DocumentId document{};
  std::filesystem::path path;
  DocumentInfo info;
  std::vector<std::string> heading_path;
  int section = 0;
  int first_page = 0, last_page = 0;  // 1-based; 0 without pages.
  std::string first_page_label;       // Label of first_page; empty without pages.
  std::vector<ByteSpan> segments;     // Of Document::text.
  std::string text;                   // As Chunk::text.
  std::size_t tokens = 0;
  std::vector<ChunkId> chunks;  // In reading order.
  ChunkId best_chunk{};         // The hit that brought it.
  float score = 0;              // Of that hit.
  float coverage = 0;
};

struct Context {
  std::vector<Passage> passages;  // Best first; `number` counts from 1 in this order.
  std::size_t tokens = 0, budget = 0;
  std::size_t left_out = 0;  // Hits that the budget had no room for: shown, never silent.
};

struct ContextOptions {
  std::size_t token_budget = 2000;
  std::size_t max_passages = 6;
  bool whole_sections = true;
  int neighbours =
      1;  // Chunks before and after a hit in its section when the section is too large.
};

Result<Context> build_context(const Library& library, const SearchResult& result,
                              const ContextOptions& options = {});

}  // namespace saseo
