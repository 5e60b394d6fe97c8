// The Embedder over a fitted LSA that the library holds. Vectors of terms are looked up one by one,
// so that opening a library costs nothing.
#pragma once

#include <memory>
#include <optional>

#include "index/analyzer.h"
#include "index/embedder.h"
#include "index/lsa.h"

namespace saseo {

class Database;

inline constexpr std::string_view kLsaName = "lsa";

struct StoredEmbedder {
  std::int64_t id = 0;
  std::size_t dims = 0;
  std::int64_t fit = 0;  // Counts refits; vectors of an older fit do not exist.
  std::size_t fitted_chunks = 0;
};

// nullopt before the first fit.
Result<std::optional<StoredEmbedder>> stored_embedder(const Database& database,
                                                      std::string_view name);

// Replaces the stored fit. Part of the caller's transaction; does not touch vectors.
Result<StoredEmbedder> store_lsa(const Database& database, const LsaModel& model,
                                 std::size_t fitted_chunks);

// Borrows database and analyzer for its lifetime.
class LsaEmbedder : public Embedder {
 public:
  LsaEmbedder(const Database& database, Analyzer& analyzer, const StoredEmbedder& stored,
              const LsaOptions& options = {});

  std::string_view name() const override { return kLsaName; }
  std::size_t dims() const override { return stored_.dims; }
  Result<std::vector<float>> embed_query(std::string_view question) override;
  Result<std::vector<float>> embed_passage(std::span<const std::string> heading_path,
                                           std::string_view text) override;

  // For callers that hold the terms already. heading may be empty.
  Result<std::vector<float>> embed_terms(const Terms& body, const Terms& heading);

 private:
  const Database& database_;
  Analyzer& analyzer_;
  StoredEmbedder stored_;
  LsaOptions options_;
};

}  // namespace saseo
