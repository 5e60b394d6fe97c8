#include "retrieval/context.h"

#include <algorithm>
#include <map>

#include "base/utf8.h"

namespace saseo {
namespace {

// The chunks that belong with a hit: its whole section, or as much around it as there is room for.
Result<std::vector<StoredChunk>> around(const Library& library, const StoredChunk& hit,
                                        std::size_t room, const ContextOptions& options) {
  SASEO_ASSIGN_OR_RETURN(std::vector<StoredChunk> section,
                         library.section_of(hit.document, hit.chunk.section));
  const auto centre = std::ranges::find(section, hit.id, &StoredChunk::id);
  if (centre == section.end()) return std::vector<StoredChunk>{hit};
  auto first = centre, last = centre;
  std::size_t tokens = hit.chunk.tokens;
  const auto try_take = [&](std::vector<StoredChunk>::iterator chunk) {
    if (tokens + chunk->chunk.tokens > room) return false;
    tokens += chunk->chunk.tokens;
    return true;
  };
  // What follows explains a hit more often than what precedes it.
  const int most = options.whole_sections ? static_cast<int>(section.size()) : options.neighbours;
  for (int i = 0; i < most && last + 1 != section.end() && try_take(last + 1); ++i) ++last;
  for (int i = 0; i < most && first != section.begin() && try_take(first - 1); ++i) --first;
  return std::vector<StoredChunk>(std::make_move_iterator(first),
                                  std::make_move_iterator(last + 1));
}

Passage passage_of(std::vector<StoredChunk> chunks, const RankedChunk& hit) {
  Passage passage;
  passage.document = hit.stored.document;
  passage.heading_path = hit.stored.chunk.heading_path;
  passage.section = hit.stored.chunk.section;
  passage.best_chunk = hit.hit.chunk;
  passage.score = hit.hit.score;
  passage.coverage = hit.coverage;
  passage.first_page = chunks.front().chunk.first_page;
  passage.last_page = chunks.back().chunk.last_page;
  for (StoredChunk& stored : chunks) {
    passage.chunks.push_back(stored.id);
    passage.tokens += stored.chunk.tokens;
    for (const ByteSpan& segment : stored.chunk.segments) {
      // A table's header, repeated by a later chunk, is there already.
      if (std::ranges::find(passage.segments, segment) == passage.segments.end())
        passage.segments.push_back(segment);
    }
    if (!passage.text.empty()) passage.text += "\n";
    passage.text += stored.chunk.text;
  }
  std::ranges::sort(passage.segments, {}, &ByteSpan::begin);
  return passage;
}

}  // namespace

Result<Context> build_context(const Library& library, const SearchResult& result,
                              const ContextOptions& options) {
  Context context;
  context.budget = options.token_budget;
  std::map<DocumentId, StoredDocument> documents;
  for (const RankedChunk& hit : result.hits) {
    const bool shown = std::ranges::any_of(context.passages, [&](const Passage& passage) {
      return std::ranges::find(passage.chunks, hit.hit.chunk) != passage.chunks.end();
    });
    if (shown) continue;
    const std::size_t room = context.budget - std::min(context.budget, context.tokens);
    // The first passage is given even when it alone is over the budget.
    if (context.passages.size() >= options.max_passages ||
        (hit.stored.chunk.tokens > room && !context.passages.empty())) {
      ++context.left_out;
      continue;
    }
    SASEO_ASSIGN_OR_RETURN(std::vector<StoredChunk> chunks,
                           around(library, hit.stored, room, options));
    Passage passage = passage_of(std::move(chunks), hit);
    auto document = documents.find(passage.document);
    if (document == documents.end()) {
      SASEO_ASSIGN_OR_RETURN(StoredDocument stored, library.document(passage.document));
      document = documents.emplace(passage.document, std::move(stored)).first;
    }
    passage.path = document->second.path;
    passage.info = document->second.info;
    if (passage.first_page > 0) {
      SASEO_ASSIGN_OR_RETURN(const Page page, library.page(passage.document, passage.first_page));
      passage.first_page_label = page.label;
    }
    passage.number = static_cast<int>(context.passages.size()) + 1;
    context.tokens += passage.tokens;
    context.passages.push_back(std::move(passage));
  }
  return context;
}

}  // namespace saseo
