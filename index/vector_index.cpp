#include "index/vector_index.h"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/io.h>
#include <faiss/index_io.h>
#include <omp.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "base/files.h"
#include "base/message.h"
#include "engine/kernels/distance.h"
#include "index/lsa_embedder.h"
#include "index/sqlite.h"

namespace saseo {
namespace {

constexpr std::array<char, 8> kVectorsMagic = {'S', 'A', 'S', 'E', 'O', 'V', 'X', '1'};
enum class Kind : std::uint64_t { kFlat = 1, kHnsw = 2 };

struct VectorsHeader {
  std::array<char, 8> magic = kVectorsMagic;
  std::uint64_t checksum = 0;  // XXH3 of everything after the header.
  std::int64_t generation = 0;
  std::int64_t fit = 0;
  std::uint64_t count = 0;
  std::uint64_t dims = 0;
  Kind kind = Kind::kFlat;
  std::uint64_t unused = 0;
};
static_assert(sizeof(VectorsHeader) == 64);

Error unusable_vectors(const std::filesystem::path& file, std::string_view reason) {
  return make_error(
      ErrorCode::kDamaged, "{}: this cache is not used ({}); it is rebuilt from library.db",
      "{}: 이 캐시는 쓰지 않습니다({}). library.db에서 다시 만듭니다", file.string(), reason);
}

// Reads FAISS's serialised form out of a mapping, without a copy of the file.
struct SpanReader : faiss::IOReader {
  std::span<const std::byte> rest;
  size_t operator()(void* to, size_t size, size_t items) override {
    const size_t whole = size == 0 ? 0 : std::min(items, rest.size() / size);
    if (whole > 0) std::memcpy(to, rest.data(), whole * size);
    rest = rest.subspan(whole * size);
    return whole;
  }
};

std::vector<SearchHit> hits_of(const faiss::Index& index, std::span<const ChunkId> ids,
                               std::span<const float> query, std::size_t limit) {
  const std::size_t count = std::min(limit, ids.size());
  std::vector<float> scores(count);
  std::vector<faiss::Index::idx_t> labels(count);
  if (count == 0) return {};
  omp_set_num_threads(1);  // A query is one vector: waking threads costs more than the scan.
  index.search(1, query.data(), static_cast<faiss::Index::idx_t>(count), scores.data(),
               labels.data());
  std::vector<SearchHit> hits;
  hits.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (labels[i] >= 0) hits.push_back({ids[static_cast<std::size_t>(labels[i])], scores[i]});
  }
  std::ranges::sort(hits, is_better);
  return hits;
}

Status save_index(const faiss::Index& index, Kind kind, std::span<const ChunkId> ids,
                  std::size_t dims, const std::filesystem::path& file, std::int64_t generation,
                  std::int64_t fit) {
  VectorsHeader header;
  header.generation = generation;
  header.fit = fit;
  header.count = ids.size();
  header.dims = dims;
  header.kind = kind;
  faiss::VectorIOWriter writer;
  try {
    faiss::write_index(&index, &writer);
  } catch (const faiss::FaissException& e) {
    return make_error(ErrorCode::kIo, "{}: FAISS cannot write ({})",
                      "{}: FAISS가 쓸 수 없습니다({})", file.string(), e.what());
  }
  const std::size_t id_bytes = ids.size_bytes();
  std::string bytes(sizeof header + id_bytes + writer.data.size(), '\0');
  std::memcpy(bytes.data() + sizeof header, ids.data(), id_bytes);
  std::memcpy(bytes.data() + sizeof header + id_bytes, writer.data.data(), writer.data.size());
  header.checksum = XXH3_64bits(bytes.data() + sizeof header, bytes.size() - sizeof header);
  std::memcpy(bytes.data(), &header, sizeof header);
  return write_file_atomically(file, bytes);
}

class FlatVectorIndex final : public VectorIndex {
 public:
  FlatVectorIndex(std::size_t dims, std::vector<ChunkId> ids,
                  std::unique_ptr<faiss::IndexFlat> index)
      : VectorIndex(dims, std::move(ids)), index_(std::move(index)) {}
  std::string_view kind() const override { return "flat"; }
  std::vector<SearchHit> search(std::span<const float> query, std::size_t limit) const override {
    return hits_of(*index_, ids_, query, limit);
  }
  Status save(const std::filesystem::path& file, std::int64_t generation,
              std::int64_t fit) const override {
    return save_index(*index_, Kind::kFlat, ids_, dims_, file, generation, fit);
  }

 private:
  const float* vectors() const override { return index_->get_xb(); }
  std::unique_ptr<faiss::IndexFlat> index_;
};

class HnswVectorIndex final : public VectorIndex {
 public:
  HnswVectorIndex(std::size_t dims, std::vector<ChunkId> ids,
                  std::unique_ptr<faiss::IndexHNSWFlat> index, const VectorIndexOptions& options)
      : VectorIndex(dims, std::move(ids)), index_(std::move(index)) {
    // SearchParametersHNSW::efSearch has no effect in FAISS 1.7.3; the member has.
    index_->hnsw.efSearch = options.search_candidates;
  }
  std::string_view kind() const override { return "hnsw"; }
  std::vector<SearchHit> search(std::span<const float> query, std::size_t limit) const override {
    return hits_of(*index_, ids_, query, limit);
  }
  Status save(const std::filesystem::path& file, std::int64_t generation,
              std::int64_t fit) const override {
    return save_index(*index_, Kind::kHnsw, ids_, dims_, file, generation, fit);
  }

 private:
  const float* vectors() const override {
    return static_cast<const faiss::IndexFlat*>(index_->storage)->get_xb();
  }
  std::unique_ptr<faiss::IndexHNSWFlat> index_;
};

}  // namespace

std::vector<float> VectorIndex::similarities(std::span<const float> query,
                                             std::span<const ChunkId> chunks) const {
  std::vector<float> scores;
  scores.reserve(chunks.size());
  for (const ChunkId chunk : chunks) {
    const auto found = std::ranges::lower_bound(ids_, chunk);
    const bool present = found != ids_.end() && *found == chunk;
    const std::size_t row = static_cast<std::size_t>(found - ids_.begin());
    scores.push_back(present ? inner_product(query.data(), vectors() + row * dims_, dims_) : 0);
  }
  return scores;
}

std::unique_ptr<VectorIndex> build_vector_index(ChunkVectors vectors,
                                                const VectorIndexOptions& options) {
  const int dims = static_cast<int>(std::max<std::size_t>(vectors.dims, 1));
  const auto count = static_cast<faiss::Index::idx_t>(vectors.ids.size());
  if (vectors.ids.size() < options.graph_from) {
    auto index = std::make_unique<faiss::IndexFlat>(dims, faiss::METRIC_INNER_PRODUCT);
    index->add(count, vectors.vectors.data());
    return std::make_unique<FlatVectorIndex>(vectors.dims, std::move(vectors.ids),
                                             std::move(index));
  }
  auto index = std::make_unique<faiss::IndexHNSWFlat>(dims, options.graph_neighbours,
                                                      faiss::METRIC_INNER_PRODUCT);
  index->hnsw.efConstruction = options.build_candidates;
  omp_set_num_threads(omp_get_num_procs());
  index->add(count, vectors.vectors.data());
  return std::make_unique<HnswVectorIndex>(vectors.dims, std::move(vectors.ids), std::move(index),
                                           options);
}

Result<std::unique_ptr<VectorIndex>> load_vector_index(const std::filesystem::path& file,
                                                       std::int64_t generation, std::int64_t fit,
                                                       const VectorIndexOptions& options) {
  SASEO_ASSIGN_OR_RETURN(const MappedFile mapped, MappedFile::open(file));
  const std::span<const std::byte> bytes = mapped.bytes();
  VectorsHeader header;
  if (bytes.size() < sizeof header) return unusable_vectors(file, "too short");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kVectorsMagic) return unusable_vectors(file, "not such a cache");
  if (header.generation != generation || header.fit != fit)
    return unusable_vectors(file, "another generation");
  if (header.checksum != XXH3_64bits(bytes.data() + sizeof header, bytes.size() - sizeof header)) {
    return unusable_vectors(file, "checksum");
  }
  if (header.count > (bytes.size() - sizeof header) / sizeof(ChunkId))
    return unusable_vectors(file, "count");
  std::vector<ChunkId> ids(header.count);
  if (!ids.empty())
    std::memcpy(ids.data(), bytes.data() + sizeof header, ids.size() * sizeof(ChunkId));
  try {
    SpanReader reader;
    reader.rest = bytes.subspan(sizeof header + ids.size() * sizeof(ChunkId));
    std::unique_ptr<faiss::Index> index(faiss::read_index(&reader));
    if (index->ntotal != static_cast<faiss::Index::idx_t>(ids.size()) ||
        index->d != static_cast<int>(std::max<std::uint64_t>(header.dims, 1))) {
      return unusable_vectors(file, "count or dims");
    }
    if (header.kind == Kind::kFlat && dynamic_cast<faiss::IndexFlat*>(index.get()) != nullptr) {
      return std::unique_ptr<VectorIndex>(std::make_unique<FlatVectorIndex>(
          header.dims, std::move(ids),
          std::unique_ptr<faiss::IndexFlat>(static_cast<faiss::IndexFlat*>(index.release()))));
    }
    if (header.kind == Kind::kHnsw && dynamic_cast<faiss::IndexHNSWFlat*>(index.get()) != nullptr) {
      return std::unique_ptr<VectorIndex>(std::make_unique<HnswVectorIndex>(
          header.dims, std::move(ids),
          std::unique_ptr<faiss::IndexHNSWFlat>(
              static_cast<faiss::IndexHNSWFlat*>(index.release())),
          options));
    }
  } catch (const std::exception& e) {  // FAISS throws on what it cannot read.
    return unusable_vectors(file, e.what());
  }
  return unusable_vectors(file, "another kind");
}

Result<ChunkVectors> read_vectors(const Database& database, const StoredEmbedder& embedder) {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database.prepare(
          "SELECT chunk_id, vector FROM vectors WHERE embedder_id = ? ORDER BY chunk_id"));
  rows.bind(1, embedder.id);
  ChunkVectors vectors;
  vectors.dims = embedder.dims;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return vectors;
    const std::span<const std::byte> blob = rows.blob(1);
    if (blob.size() != embedder.dims * sizeof(float)) continue;  // `library verify` names it.
    vectors.ids.push_back(ChunkId{rows.integer(0)});
    vectors.vectors.resize(vectors.vectors.size() + embedder.dims);
    std::memcpy(vectors.vectors.data() + vectors.vectors.size() - embedder.dims, blob.data(),
                blob.size());
  }
}

}  // namespace saseo
