// The writing side of a library: one writer at a time, one transaction a document.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/embedding_run.h"
#include "index/ids.h"
#include "index/library.h"
#include "ingest/chunk.h"
#include "ingest/document.h"

namespace saseo {

struct DocumentSource {
  std::filesystem::path path;  // Absolute; the key of a document.
  std::string content_hash;
  std::string settings_hash;
  std::uint64_t file_size = 0;
};

struct PutReport {
  DocumentId id{};
  std::size_t chunks = 0;
  std::size_t kept_chunks = 0;  // Chunks whose text did not change: their id and vectors stay.
};

// A field of DocumentInfo that a person sets by hand; it then survives re-ingesting.
enum class InfoField { kTitle = 1, kProduct = 2, kModelNumber = 4, kEdition = 8, kLanguage = 16 };

// Holds the library's lock from open to destruction. Thread-compatible.
class LibraryWriter {
 public:
  // Creates the folder and the tables when there are none, brings an older format up to date, and
  // writes the terms anew when another version of the analysis made them. Fails with kLocked,
  // naming the process, while another writer is open.
  static Result<LibraryWriter> open(const std::filesystem::path& folder);
  LibraryWriter(LibraryWriter&&) noexcept;
  LibraryWriter& operator=(LibraryWriter&&) noexcept;
  ~LibraryWriter();

  // Inserts or replaces the document of that path, in one transaction: after a crash it is wholly
  // the old or the new one. Vectors follow with update_embeddings; a chunk whose text, headings or
  // title changed has lost those of all embedders.
  Result<PutReport> put_document(const DocumentSource& source, const Document& document,
                                 std::span<const Chunk> chunks);
  // Korean text is on its way: loads the dictionary in another thread, unless this library knows
  // Korean words already, when few will be looked up.
  void expect_korean();
  Status remove_document(DocumentId id);
  Status set_info(DocumentId id, InfoField field, std::string_view value);

  // Brings LSA up to date with the chunks: refits it when the library outgrew the fit, else embeds
  // what has no vector. Returns the number of vectors written.
  Result<std::size_t> update_embeddings();
  // Drops LSA's vectors and fits anew.
  Result<std::size_t> refit_embeddings();
  // Embeds what has no vector of this embedder, batch by batch (embedding_run.h), adding it to the
  // library when it is new. kInvalidArgument when its vectors there have other dimensions.
  Result<std::size_t> update_embeddings(Embedder& embedder, const EmbedOptions& options = {});
  // Drops its vectors first. Other embedders' vectors and caches stay, here as everywhere.
  Result<std::size_t> rebuild_embeddings(Embedder& embedder, const EmbedOptions& options = {});
  // Whose vectors queries use from now on: kLsaName, or one that was added. kNotFound otherwise.
  Status use_embedder(std::string_view name);

  // Writes every chunk's terms anew, from the chunks, and forgets what the dictionary said; the
  // next update_embeddings refits LSA. Vectors of other embedders stay: they are of the texts.
  Status rebuild_terms();
  // Whether open found terms of another kAnalyzerVersion and wrote them anew: something to tell.
  bool has_reindexed() const;
  // Writes the caches of the committed state: postings, and vectors of every embedder.
  Status write_caches();

  // A reader on the same library, for look-ups between writes.
  const Library& library() const;

 private:
  struct State;
  explicit LibraryWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saseo
