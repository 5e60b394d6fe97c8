// Embeds the chunks of a library that have no vector yet, batch by batch. The embedder computes
// outside any transaction, and every batch is one of its own: a run that is killed, cancelled or
// fails keeps the batches that were done, and the next one goes on behind them.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "base/result.h"
#include "index/embedder_store.h"

namespace saseo {

class Database;

struct EmbedOptions {
  // Texts of one call of the embedder and one transaction. Larger: fewer commits, and more that a
  // killed run computes again.
  std::size_t batch = 64;
  std::stop_token stop;  // Ends the run before the next batch.
  // After each batch: chunks embedded in this run, and those it set out with.
  std::function<void(std::size_t done, std::size_t all)> on_batch;
};

// Returns the number of vectors written. For the library's one writer: nobody else may change the
// chunks meanwhile. Fails with what the embedder fails with.
Result<std::size_t> embed_missing(const Database& database, Embedder& embedder,
                                  const StoredEmbedder& stored, const EmbedOptions& options = {});

// Fits LSA on the library's terms and replaces its vectors, in one transaction; takes LSA out of
// the library when there is too little text for a fit. Returns the number of vectors written.
Result<std::size_t> refit_lsa(const Database& database);

}  // namespace saseo
