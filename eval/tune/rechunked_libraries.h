// The manuals of a library cut into chunks of other sizes: a temporary library for each size, made
// from the same files when it is first asked for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/result.h"
#include "index/ingest_run.h"

namespace saseo::eval {

// Thread-compatible. The temporary libraries go with the object.
class RechunkedLibraries {
 public:
  // `read`: how manuals are read; a PDF's password among it.
  static Result<RechunkedLibraries> open(const std::filesystem::path& library,
                                         const ReadOptions& read);
  RechunkedLibraries(RechunkedLibraries&&) noexcept;
  RechunkedLibraries& operator=(RechunkedLibraries&&) noexcept;
  ~RechunkedLibraries();

  // Of the library itself; nullopt where its manuals differ in it or an older program cut them.
  std::optional<std::size_t> present_size() const;
  // Why no other size can be tried: a manual's file is gone or has changed since.
  Status files_unchanged() const;

  // The library itself for its own size, or for every size where that is not known. What a person
  // set by hand (product, title, ...) is carried over. Fails, naming the file, when one cannot be
  // read.
  Result<std::filesystem::path> of_size(
      std::size_t chunk_tokens, const std::function<void(const IngestProgress&)>& on_progress,
      std::stop_token stop);

 private:
  struct State;
  explicit RechunkedLibraries(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saseo::eval
