// The LSA of a library, with all that it needs, for comparing texts.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "index/embedder.h"

namespace saseo::eval {

// Thread-compatible. Movable.
class LibraryEmbedder {
 public:
  // Fails when the library is gone, is not the one of `index_hash` (runner.h) any more, or has no
  // embedder.
  static Result<LibraryEmbedder> open(const std::filesystem::path& library,
                                      std::string_view index_hash);
  LibraryEmbedder(LibraryEmbedder&&) noexcept;
  LibraryEmbedder& operator=(LibraryEmbedder&&) noexcept;
  ~LibraryEmbedder();
  Embedder& embedder();

 private:
  struct State;
  explicit LibraryEmbedder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saseo::eval
