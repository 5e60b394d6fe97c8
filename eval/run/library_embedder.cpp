#include "eval/run/library_embedder.h"

#include <optional>

#include "base/message.h"
#include "eval/run/runner.h"
#include "index/analyzer.h"
#include "index/lsa_embedder.h"

namespace saseo::eval {

struct LibraryEmbedder::State {
  explicit State(Library l) : library(std::move(l)) {}
  Library library;
  Analyzer analyzer;
  std::optional<LsaEmbedder> embedder;
};

LibraryEmbedder::LibraryEmbedder(std::unique_ptr<State> state) : state_(std::move(state)) {}
LibraryEmbedder::LibraryEmbedder(LibraryEmbedder&&) noexcept = default;
LibraryEmbedder& LibraryEmbedder::operator=(LibraryEmbedder&&) noexcept = default;
LibraryEmbedder::~LibraryEmbedder() = default;

Embedder& LibraryEmbedder::embedder() { return *state_->embedder; }

Result<LibraryEmbedder> LibraryEmbedder::open(const std::filesystem::path& folder,
                                              std::string_view index_hash_wanted) {
  SASEO_ASSIGN_OR_RETURN(Library library, Library::open(folder));
  auto state = std::make_unique<State>(std::move(library));
  SASEO_ASSIGN_OR_RETURN(const std::string hash, index_hash(state->library));
  if (hash != index_hash_wanted)
    return make_error(ErrorCode::kNotFound, "{}: the library changed since",
                      "{}: 그 뒤로 라이브러리가 바뀌었습니다", folder.string());
  SASEO_ASSIGN_OR_RETURN(const std::optional<StoredEmbedder> stored,
                         stored_embedder(state->library.database(), kLsaName));
  if (!stored)
    return make_error(ErrorCode::kNotFound, "{}: the library has no embedder yet",
                      "{}: 라이브러리에 아직 임베더가 없습니다", folder.string());
  state->embedder.emplace(state->library.database(), state->analyzer, *stored);
  return LibraryEmbedder(std::move(state));
}

}  // namespace saseo::eval
