// The Embedder over a fitted LSA that the library holds. Vectors of terms are looked up one by one,
// so that opening a library costs nothing.
#pragma once

#include <string_view>
#include <vector>

#include "index/analyzer.h"
#include "index/embedder.h"
#include "index/embedder_store.h"
#include "index/lsa.h"

namespace saseo {

class Database;

// Replaces the stored fit and deletes the vectors of the old one. Part of the caller's transaction.
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
  Result<std::vector<float>> embed_passages(std::span<const PassageText> passages) override;

  // For callers that hold the terms already. heading may be empty.
  Result<std::vector<float>> embed_terms(const Terms& body, const Terms& heading);

 private:
  const Database& database_;
  Analyzer& analyzer_;
  StoredEmbedder stored_;
  LsaOptions options_;
};

}  // namespace saseo
