// The library, opened to be searched and asked with the settings that are in force.
#pragma once

#include <optional>
#include <string>

#include "app/settings/application.h"
#include "generation/answerer.h"
#include "index/library_host.h"
#include "index/library_writer.h"
#include "retrieval/searcher.h"

namespace saseo::app {

// What the command line, or a request, sets beside the profile.
struct SearchOverrides {
  RankingMode mode = RankingMode::kFused;
  std::optional<std::size_t> context_tokens, hits;
};

// The library and how it is searched and asked, for any number of requests, one after another or at
// once: each takes a searcher. Thread-safe.
struct OpenLibrary {
  LibraryHost host;
  RankingOptions ranking;
  AnswererOptions answering;

  // Of the library's last committed state.
  Result<Searcher> searcher() const { return Searcher::open(host, ranking); }
};

// With the settings of the profile. Warns of a library whose chunks are of another size than the
// profile's.
Result<OpenLibrary> open_library(const Application& application,
                                 const SearchOverrides& overrides = {});

// Says so, as a warning, when opening the writer made the library's terms anew.
void tell_of_reindexing(const Application& application, const LibraryWriter& writer);

// Documents whose chunks are not of the size that the profile names; none where it names none.
struct ChunkSizes {
  std::size_t documents = 0, other = 0;
  std::optional<std::size_t> found;  // Of the first of the others, where it can be told.
};
Result<ChunkSizes> chunk_sizes(const Config& config, const Library& library);
// In words with what to do; empty when all is well.
Notice chunk_size_words(const Config& config, const ChunkSizes& sizes);
void warn_of_chunk_size(const Application& application, const Library& library);

}  // namespace saseo::app
