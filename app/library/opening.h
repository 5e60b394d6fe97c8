// The library, opened to be searched and asked with the settings that are in force.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/settings/application.h"
#include "generation/answerer.h"
#include "index/library_writer.h"

namespace saseo::app {

// What one question or conversation sets beside the profile.
struct AnswererOverrides {
  std::optional<std::size_t> context_tokens, hits;
};

// With the settings of the profile. Both warn of a library whose chunks are of another size than
// the profile's.
Result<Searcher> open_searcher(const Application& application,
                               RankingMode mode = RankingMode::kFused);
Result<Answerer> open_answerer(const Application& application, std::unique_ptr<LanguageModel> model,
                               const AnswererOverrides& overrides);

// Says so, as a warning, when opening the writer made the library's terms anew.
void tell_of_reindexing(const Application& application, const LibraryWriter& writer);

// Documents whose chunks are not of the size that the profile names; none where it names none.
struct ChunkSizes {
  std::size_t documents = 0, other = 0;
  std::optional<std::size_t> found;  // Of the first of the others, where it can be told.
};
Result<ChunkSizes> chunk_sizes(const Config& config, const Library& library);
// In words with what to do; empty when all is well.
std::string chunk_size_words(const Config& config, const ChunkSizes& sizes);
void warn_of_chunk_size(const Application& application, const Library& library);

}  // namespace saseo::app
