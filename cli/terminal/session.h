// What every command works with: what the user set, and where to write.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "app/settings/config.h"
#include "cli/terminal/terminal.h"
#include "generation/answerer.h"
#include "index/library_writer.h"
#include "ingest/reader.h"
#include "retrieval/query.h"

namespace saseo::cli {

struct Session {
  Config config;
  Console console;

  const std::filesystem::path& library() const { return config.library.value; }
  // How PDF files are read; the password may be empty.
  ReadOptions read_options(const std::string& password) const;

  // Says what went wrong (JSON on standard output, else words on standard error) and gives the exit
  // code that belongs to it.
  int fail(const Error& error, bool json);
  void warn(const std::string& message);
  // One JSON object, one line.
  void print_json(const std::string& line);
};

// The flag's value, else SASEO_PDF_PASSWORD, else empty.
std::string pdf_password(const std::string& flag);

// Words of the command line that the shell parted: joined by spaces.
std::string joined(const std::vector<std::string>& words);

// What the command line sets beside the profile.
struct AnswererFlags {
  std::optional<std::size_t> context_tokens, hits;
};

// With the settings of the profile. Both warn of a library whose chunks are of another size than
// the profile's.
Result<Searcher> open_searcher(Session& session, RankingMode mode = RankingMode::kFused);
Result<Answerer> open_answerer(Session& session, std::unique_ptr<LanguageModel> model,
                               const AnswererFlags& flags);

// Says so, as a warning, when opening the writer made the library's terms anew.
void tell_of_reindexing(Session& session, const LibraryWriter& writer);

// Documents whose chunks are not of the size that the profile names; none where it names none.
struct ChunkSizes {
  std::size_t documents = 0, other = 0;
  std::optional<std::size_t> found;  // Of the first of the others, where it can be told.
};
Result<ChunkSizes> chunk_sizes(const Config& config, const Library& library);
// In words with what to do; empty when all is well.
std::string chunk_size_words(const Config& config, const ChunkSizes& sizes);
void warn_of_chunk_size(Session& session, const Library& library);

}  // namespace saseo::cli
