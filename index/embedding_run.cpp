#include "index/embedding_run.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/message.h"
#include "index/chunk_text.h"
#include "index/lsa.h"
#include "index/lsa_embedder.h"
#include "index/postings.h"
#include "index/sqlite.h"
#include "index/stored_form.h"

namespace saseo {
namespace {

struct PendingChunk {
  std::int64_t id = 0;
  std::string heading, body;
};

// The chunks without a vector of one embedder, in order of id.
class PendingChunks {
 public:
  PendingChunks(const Database& database, const StoredEmbedder& embedder)
      : database_(database), embedder_(embedder) {}

  Result<std::size_t> count() {
    SASEO_ASSIGN_OR_RETURN(
        const std::int64_t count,
        database_.integer("SELECT count(*) FROM chunks WHERE NOT EXISTS (SELECT 1 FROM vectors "
                          "WHERE chunk_id = chunks.id AND embedder_id = " +
                          std::to_string(embedder_.id) + ")"));
    return static_cast<std::size_t>(count);
  }

  // The next ones, at most `most`; none are left when it gives none.
  Result<std::vector<PendingChunk>> take(std::size_t most) {
    SASEO_ASSIGN_OR_RETURN(
        Statement rows,
        database_.prepare("SELECT id, document_id, heading_path, text FROM chunks WHERE id > ? AND "
                          "NOT EXISTS (SELECT 1 FROM vectors WHERE chunk_id = chunks.id AND "
                          "embedder_id = ?) ORDER BY id LIMIT ?"));
    rows.bind(1, last_).bind(2, embedder_.id).bind(3, static_cast<std::int64_t>(most));
    std::vector<PendingChunk> chunks;
    while (true) {
      SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
      if (!row) return chunks;
      last_ = rows.integer(0);
      SASEO_ASSIGN_OR_RETURN(const std::string title, title_of(rows.integer(1)));
      chunks.push_back({last_, indexed_heading(title, heading_path_from_json(rows.text(2))),
                        std::string(rows.text(3))});
    }
  }

 private:
  Result<std::string> title_of(std::int64_t document) {
    if (const auto known = titles_.find(document); known != titles_.end()) return known->second;
    SASEO_ASSIGN_OR_RETURN(std::string title, indexed_title(database_, document));
    return titles_.emplace(document, std::move(title)).first->second;
  }

  const Database& database_;
  const StoredEmbedder& embedder_;
  std::int64_t last_ = -1;  // The id of the last chunk that was taken.
  std::unordered_map<std::int64_t, std::string> titles_;
};

Result<std::vector<float>> embed_batch(Embedder& embedder, std::span<const PendingChunk> chunks) {
  std::vector<PassageText> passages;
  passages.reserve(chunks.size());
  for (const PendingChunk& chunk : chunks) passages.push_back({chunk.heading, chunk.body});
  SASEO_ASSIGN_OR_RETURN(std::vector<float> vectors, embedder.embed_passages(passages));
  if (vectors.size() == chunks.size() * embedder.dims()) return vectors;
  return make_error(ErrorCode::kBadInput,
                    "the embedder {} gave {} numbers for {} texts of {} dimensions",
                    "임베더 {}이(가) {}개의 수를 냈습니다({}개 글, {}차원)", embedder.name(),
                    vectors.size(), chunks.size(), embedder.dims());
}

Status put_batch(const Database& database, const StoredEmbedder& stored,
                 std::span<const PendingChunk> chunks, std::span<const float> vectors) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    SASEO_RETURN_IF_ERROR(
        put_vector(database, stored, chunks[c].id, vectors.subspan(c * stored.dims, stored.dims)));
  }
  SASEO_RETURN_IF_ERROR(count_vector_change(database, stored));
  return transaction.commit();
}

}  // namespace

Result<std::size_t> embed_missing(const Database& database, Embedder& embedder,
                                  const StoredEmbedder& stored, const EmbedOptions& options) {
  PendingChunks pending(database, stored);
  SASEO_ASSIGN_OR_RETURN(const std::size_t all, pending.count());
  std::size_t done = 0;
  while (done < all && !options.stop.stop_requested()) {
    SASEO_ASSIGN_OR_RETURN(const std::vector<PendingChunk> chunks,
                           pending.take(std::max<std::size_t>(options.batch, 1)));
    if (chunks.empty()) break;
    SASEO_ASSIGN_OR_RETURN(const std::vector<float> vectors, embed_batch(embedder, chunks));
    SASEO_RETURN_IF_ERROR(put_batch(database, stored, chunks, vectors));
    done += chunks.size();
    if (options.on_batch) options.on_batch(done, all);
  }
  return done;
}

Result<std::size_t> refit_lsa(const Database& database) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_ASSIGN_OR_RETURN(const Postings postings, Postings::build(database, 0));
  const LsaFit fit = fit_lsa(postings);
  const std::size_t chunks = fit.model.dims == 0 ? 0 : postings.chunks().size();
  if (chunks == 0) {
    SASEO_RETURN_IF_ERROR(remove_embedder(database, kLsaName));
  } else {
    SASEO_ASSIGN_OR_RETURN(const StoredEmbedder stored, store_lsa(database, fit.model, chunks));
    const std::span<const float> vectors = fit.chunk_vectors;
    for (std::size_t c = 0; c < chunks; ++c) {
      SASEO_RETURN_IF_ERROR(put_vector(database, stored,
                                       static_cast<std::int64_t>(postings.chunks()[c].chunk),
                                       vectors.subspan(c * stored.dims, stored.dims)));
    }
  }
  SASEO_RETURN_IF_ERROR(transaction.commit());
  return chunks;
}

}  // namespace saseo
