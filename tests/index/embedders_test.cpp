// Several embedders side by side in one library.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <numeric>

#include "index/caches.h"
#include "index/embedder_store.h"
#include "index/library_check.h"
#include "index/lsa_embedder.h"
#include "index/snapshot.h"
#include "index/sqlite.h"
#include "tests/index/hash_embedder.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

constexpr int kDocuments = 12;

std::string manual(int number, std::string_view more = "") {
  return "# 제목 " + std::to_string(number) + "\n\n배터리 충전 " + std::to_string(number * 7) +
         (number % 2 == 0 ? " 무선 패드 위치" : " 케이블 어댑터 연결") + std::string(more) + "\n";
}

class EmbeddersTest : public ::testing::Test {
 protected:
  EmbeddersTest() {
    LibraryWriter writer = open_writer();
    for (int i = 0; i < kDocuments; ++i) EXPECT_TRUE(put(writer, i, manual(i)).ok());
    EXPECT_EQ(writer.update_embeddings().value(), 12u);
    EXPECT_EQ(writer.update_embeddings(hash_).value(), 12u);
    EXPECT_TRUE(writer.write_caches().ok());
    hash_.batches = 0;
    hash_.embedded.clear();
  }
  std::filesystem::path path() const { return folder_.path() / "library"; }
  LibraryWriter open_writer() { return LibraryWriter::open(path()).value(); }
  static Result<PutReport> put(LibraryWriter& writer, int number, const std::string& markdown) {
    return put_markdown(writer, "/m/" + std::to_string(number) + ".md", markdown);
  }
  // By chunk, as hexadecimal digits.
  std::map<std::int64_t, std::string> vectors_of(std::string_view embedder) {
    const Library library = Library::open(path()).value();
    Statement rows = library.database()
                         .prepare(
                             "SELECT chunk_id, hex(vector) FROM vectors WHERE embedder_id = "
                             "(SELECT id FROM embedders WHERE name = ?)")
                         .value();
    rows.bind(1, embedder);
    std::map<std::int64_t, std::string> vectors;
    while (rows.step().value()) vectors.emplace(rows.integer(0), rows.text(1));
    return vectors;
  }
  // The names and bytes of the cache files that begin so.
  std::map<std::string, std::string> files_of(const std::string& prefix) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(cache_folder(path()))) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(prefix)) files.emplace(name, read_file(entry.path()).value());
    }
    return files;
  }
  Snapshot load(std::string_view embedder = {}) {
    const Library library = Library::open(path()).value();
    return load_snapshot(library, {.embedder = embedder}).value();
  }
  // Chunks by their cosine with the query, best first; the truth of what an index must find.
  std::vector<ChunkId> nearest_by_hand(std::string_view embedder, std::span<const float> query) {
    const Library library = Library::open(path()).value();
    const ChunkVectors vectors =
        read_vectors(library.database(), required_embedder(library.database(), embedder).value())
            .value();
    std::vector<SearchHit> hits;
    for (std::size_t i = 0; i < vectors.ids.size(); ++i) {
      const float* row = vectors.vectors.data() + i * vectors.dims;
      hits.push_back({vectors.ids[i], std::inner_product(query.begin(), query.end(), row, 0.0f)});
    }
    std::ranges::sort(hits, is_better);
    return chunks_of(hits);
  }
  static std::vector<ChunkId> chunks_of(std::span<const SearchHit> hits) {
    std::vector<ChunkId> chunks;
    for (const SearchHit& hit : hits) chunks.push_back(hit.chunk);
    return chunks;
  }
  TemporaryFolder folder_;
  HashEmbedder hash_;
};

TEST_F(EmbeddersTest, RefittingLsaLeavesAnothersVectorsAndCacheFileByteForByte) {
  const auto vectors = vectors_of("hash");
  const auto files = files_of("hash-"), lsa = files_of("lsa-");
  ASSERT_EQ(vectors.size(), 12u);
  ASSERT_EQ(files.size(), 1u);
  {
    LibraryWriter writer = open_writer();
    EXPECT_EQ(writer.refit_embeddings().value(), 12u);
    ASSERT_TRUE(writer.write_caches().ok());
  }
  EXPECT_EQ(vectors_of("hash"), vectors);
  EXPECT_EQ(files_of("hash-"), files);
  EXPECT_TRUE(load("hash").from_cache);
  ASSERT_EQ(files_of("lsa-").size(), 1u);
  EXPECT_NE(files_of("lsa-").begin()->first, lsa.begin()->first);
  EXPECT_TRUE(load(kLsaName).from_cache);
}

TEST_F(EmbeddersTest, RebuildingTheLibraryLeavesAnothersVectorsAndCacheFileByteForByte) {
  const auto vectors = vectors_of("hash");
  const auto files = files_of("hash-");
  EXPECT_EQ(rebuild_library(path())->vectors, 12u);
  EXPECT_EQ(vectors_of("hash"), vectors);
  EXPECT_EQ(files_of("hash-"), files);
  EXPECT_TRUE(load("hash").from_cache);
}

TEST_F(EmbeddersTest, MakingAnothersVectorsAnewLeavesThoseOfLsaByteForByte) {
  const auto lsa = vectors_of(kLsaName);
  const auto lsa_files = files_of("lsa-"), files = files_of("hash-"), postings = files_of("terms-");
  {
    LibraryWriter writer = open_writer();
    EXPECT_EQ(writer.rebuild_embeddings(hash_).value(), 12u);
    ASSERT_TRUE(writer.write_caches().ok());
  }
  EXPECT_EQ(vectors_of(kLsaName), lsa);
  EXPECT_EQ(files_of("lsa-"), lsa_files);
  EXPECT_EQ(files_of("terms-"), postings);
  ASSERT_EQ(files_of("hash-").size(), 1u);
  EXPECT_NE(files_of("hash-").begin()->first, files.begin()->first);
}

TEST_F(EmbeddersTest, ALibraryThatBecameTooSmallForLsaKeepsTheOthersVectors) {
  {
    LibraryWriter writer = open_writer();
    for (int i = 2; i <= kDocuments; ++i) ASSERT_TRUE(writer.remove_document(DocumentId{i}).ok());
    EXPECT_EQ(writer.update_embeddings().value(), 0u);
    ASSERT_TRUE(writer.write_caches().ok());
  }
  EXPECT_EQ(vectors_of(kLsaName).size(), 0u);
  EXPECT_TRUE(files_of("lsa-").empty());
  EXPECT_EQ(vectors_of("hash").size(), 1u);
  EXPECT_FALSE(load().embedder.has_value());
  EXPECT_EQ(load("hash").vectors->ids().size(), 1u);
}

TEST_F(EmbeddersTest, EachIsSearchedByItsOwnVectors) {
  const std::string question = "무선 충전 위치";
  const std::vector<float> by_hash = hash_.embed_query(question).value();
  const Library library = Library::open(path()).value();
  Analyzer analyzer;
  LsaEmbedder lsa(library.database(), analyzer,
                  required_embedder(library.database(), kLsaName).value());
  const std::vector<float> by_lsa = lsa.embed_query(question).value();
  const Snapshot hash_snapshot = load("hash"), lsa_snapshot = load(kLsaName);
  EXPECT_EQ(hash_snapshot.vectors->dims(), 24u);
  const std::vector<ChunkId> hash_ranking = chunks_of(hash_snapshot.vectors->search(by_hash, 12));
  const std::vector<ChunkId> lsa_ranking = chunks_of(lsa_snapshot.vectors->search(by_lsa, 12));
  EXPECT_EQ(hash_ranking, nearest_by_hand("hash", by_hash));
  EXPECT_EQ(lsa_ranking, nearest_by_hand(kLsaName, by_lsa));
  EXPECT_NE(hash_ranking, lsa_ranking);
}

TEST_F(EmbeddersTest, AQueryUsesLsaUntilTheLibraryNamesAnother) {
  const Library library = Library::open(path()).value();
  const Snapshot before = load_snapshot(library).value();
  EXPECT_EQ(before.embedder->name, kLsaName);
  EXPECT_EQ(library.stats()->embedder, kLsaName);
  {
    LibraryWriter writer = open_writer();
    EXPECT_EQ(writer.use_embedder("none").error().code, ErrorCode::kNotFound);
    ASSERT_TRUE(writer.use_embedder("hash").ok());
  }
  EXPECT_NE(before.key(), snapshot_key(library).value());
  EXPECT_EQ(before.key(), snapshot_key(library, kLsaName).value());
  EXPECT_EQ(load().embedder->name, "hash");
  EXPECT_EQ(library.stats()->embedder, "hash");
  EXPECT_EQ(library.stats()->dims, 24u);
  ASSERT_TRUE(open_writer().use_embedder(kLsaName).ok());
  EXPECT_EQ(load().embedder->name, kLsaName);
  EXPECT_EQ(load_snapshot(library, {.embedder = "none"}).error().code, ErrorCode::kNotFound);
}

TEST_F(EmbeddersTest, AnUnchangedChunkKeepsTheVectorsOfAllAndAChangedOneLosesThem) {
  const auto hash = vectors_of("hash"), lsa = vectors_of(kLsaName);
  LibraryWriter writer = open_writer();
  ASSERT_TRUE(put(writer, 3, manual(3, "\n\n## 보증\n\n두 해")).ok());  // A chunk more.
  EXPECT_EQ(vectors_of("hash"), hash);
  EXPECT_EQ(vectors_of(kLsaName), lsa);
  ASSERT_TRUE(put(writer, 4, manual(4, " 고친 글")).ok());
  EXPECT_EQ(vectors_of("hash").size(), 11u);
  EXPECT_EQ(vectors_of(kLsaName).size(), 11u);
  for (const auto& [chunk, vector] : vectors_of("hash")) EXPECT_EQ(vector, hash.at(chunk));

  EXPECT_EQ(writer.update_embeddings().value(), 2u);
  EXPECT_EQ(writer.update_embeddings(hash_).value(), 2u);
  ASSERT_EQ(hash_.embedded.size(), 2u);
  EXPECT_EQ(hash_.embedded[0], "두 해");
  EXPECT_NE(hash_.embedded[1].find("고친 글"), std::string::npos);
  EXPECT_EQ(writer.update_embeddings(hash_).value(), 0u);
}

TEST_F(EmbeddersTest, ACorrectedTitleTakesTheVectorsOfItsDocumentAsItIsEmbeddedWithEveryChunk) {
  LibraryWriter writer = open_writer();
  const auto before = vectors_of("hash");
  ASSERT_TRUE(writer.set_info(DocumentId{5}, InfoField::kProduct, "제품").ok());
  EXPECT_EQ(vectors_of("hash"), before);
  ASSERT_TRUE(writer.set_info(DocumentId{5}, InfoField::kTitle, "다른 제목").ok());
  EXPECT_EQ(vectors_of("hash").size(), 11u);
  EXPECT_EQ(vectors_of(kLsaName).size(), 11u);
  EXPECT_FALSE(load("hash").from_cache);
  EXPECT_EQ(writer.update_embeddings(hash_).value(), 1u);
  EXPECT_NE(vectors_of("hash"), before);
}

TEST_F(EmbeddersTest, EmbeddingMakesNoCacheOfAnotherStale) {
  HashEmbedder other("other", 8);
  EXPECT_EQ(open_writer().update_embeddings(other, {.batch = 5}).value(), 12u);
  EXPECT_TRUE(load(kLsaName).from_cache);
  EXPECT_TRUE(load("hash").from_cache);
  EXPECT_FALSE(load("other").from_cache);
}

TEST_F(EmbeddersTest, AReaderSeesTheBatchesOfItsEmbedder) {
  LibraryWriter writer = open_writer();
  ASSERT_TRUE(put(writer, 99, manual(99)).ok());
  const Snapshot hash = load("hash"), lsa = load(kLsaName);
  ASSERT_EQ(writer.update_embeddings(hash_).value(), 1u);
  EXPECT_NE(hash.key(), snapshot_key(writer.library(), "hash").value());
  EXPECT_EQ(lsa.key(), snapshot_key(writer.library(), kLsaName).value());
  EXPECT_EQ(load("hash").vectors->ids().size(), 13u);
}

TEST_F(EmbeddersTest, AFailedRunKeepsItsBatchesAndTheNextComputesOnlyTheRest) {
  HashEmbedder failing("slow", 8);
  failing.before_batch = [](int done) -> Status {
    if (done == 2) return Error{ErrorCode::kLimit, untranslated("the model ran out of memory")};
    return {};
  };
  LibraryWriter writer = open_writer();
  const Result<std::size_t> failed = writer.update_embeddings(failing, {.batch = 5});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message.english, "the model ran out of memory");
  EXPECT_EQ(vectors_of("slow").size(), 10u);

  HashEmbedder healthy("slow", 8);
  std::vector<std::pair<std::size_t, std::size_t>> told;
  EXPECT_EQ(writer
                .update_embeddings(
                    healthy, {.batch = 1,
                              .on_batch = [&](std::size_t done,
                                              std::size_t all) { told.emplace_back(done, all); }})
                .value(),
            2u);
  EXPECT_EQ(healthy.embedded.size(), 2u);
  EXPECT_EQ(told, (std::vector<std::pair<std::size_t, std::size_t>>{{1, 2}, {2, 2}}));
  EXPECT_EQ(vectors_of("slow").size(), 12u);
}

TEST_F(EmbeddersTest, AKilledRunKeepsItsBatchesAndTheNextComputesOnlyTheRest) {
  const pid_t child = ::fork();
  if (child == 0) {
    HashEmbedder killed("slow", 8);
    killed.before_batch = [](int done) -> Status {
      if (done == 2) ::raise(SIGKILL);
      return {};
    };
    LibraryWriter writer = LibraryWriter::open(path()).value();
    (void)writer.update_embeddings(killed, {.batch = 4}).ok();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(verify_library(path())->healthy());
  EXPECT_EQ(vectors_of("slow").size(), 8u);
  HashEmbedder healthy("slow", 8);
  EXPECT_EQ(open_writer().update_embeddings(healthy, {.batch = 4}).value(), 4u);
  EXPECT_EQ(healthy.embedded.size(), 4u);
  EXPECT_EQ(healthy.batches, 1);
}

TEST_F(EmbeddersTest, AStoppedRunEndsBehindABatch) {
  HashEmbedder slow("slow", 8);
  std::stop_source stop;
  LibraryWriter writer = open_writer();
  EXPECT_EQ(writer
                .update_embeddings(
                    slow, {.batch = 5,
                           .stop = stop.get_token(),
                           .on_batch = [&](std::size_t, std::size_t) { stop.request_stop(); }})
                .value(),
            5u);
  EXPECT_EQ(vectors_of("slow").size(), 5u);
}

TEST_F(EmbeddersTest, TextsAreEmbeddedOutsideAnyTransaction) {
  HashEmbedder slow("slow", 8);
  const Database other = Database::open(database_file(path()), Database::Mode::kWrite).value();
  ASSERT_TRUE(other.execute("PRAGMA busy_timeout = 0").ok());
  slow.before_batch = [&](int) { return other.execute("BEGIN IMMEDIATE; ROLLBACK"); };
  const Result<std::size_t> embedded = open_writer().update_embeddings(slow, {.batch = 5});
  EXPECT_TRUE(embedded.ok()) << embedded.error().message.english;
}

TEST_F(EmbeddersTest, WhatDoesNotFitIsRefusedAndNothingIsWritten) {
  LibraryWriter writer = open_writer();
  const auto before = vectors_of("hash");
  HashEmbedder wider("hash", 32), like_lsa("lsa", 8), unnamed("", 8);
  EXPECT_EQ(writer.update_embeddings(wider).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(writer.update_embeddings(like_lsa).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(writer.rebuild_embeddings(like_lsa).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(writer.update_embeddings(unnamed).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(vectors_of("hash"), before);
  EXPECT_EQ(vectors_of(kLsaName).size(), 12u);
  EXPECT_EQ(writer.rebuild_embeddings(wider).value(), 12u);  // Anew they may have other dimensions.
  EXPECT_EQ(load("hash").vectors->dims(), 32u);

  class Short : public HashEmbedder {
   public:
    Short() : HashEmbedder("short", 8) {}
    Result<std::vector<float>> embed_passages(std::span<const PassageText>) override {
      return std::vector<float>(7);
    }
  } too_short;
  EXPECT_EQ(writer.update_embeddings(too_short).error().code, ErrorCode::kBadInput);
  EXPECT_TRUE(vectors_of("short").empty());
}

TEST_F(EmbeddersTest, NamesThatAreNoFileNamesOrBeginAlikeHaveFilesOfTheirOwn) {
  HashEmbedder slash("../models/a", 8), prefix("a", 8), longer("a-1", 8);
  LibraryWriter writer = open_writer();
  for (HashEmbedder* embedder : {&slash, &prefix, &longer})
    ASSERT_TRUE(writer.update_embeddings(*embedder).ok());
  ASSERT_TRUE(writer.write_caches().ok());
  EXPECT_EQ(files_of("..%2Fmodels%2Fa-").size(), 1u);
  const auto others = files_of("a-1-");
  EXPECT_EQ(others.size(), 1u);
  ASSERT_TRUE(writer.rebuild_embeddings(prefix).ok());
  const Database& database = writer.library().database();
  ASSERT_TRUE(save_vectors(database, path(), required_embedder(database, "a").value()).ok());
  EXPECT_EQ(files_of("a-").size(), 2u);  // Its own and that of a-1.
  EXPECT_EQ(files_of("a-1-"), others);
  for (const char* name : {"../models/a", "a", "a-1", "hash"})
    EXPECT_TRUE(load(name).from_cache) << name;
}

TEST_F(EmbeddersTest, FilesOfNoEmbedderOfTheLibraryAreRemovedWithTheCachesWritten) {
  std::ofstream(cache_folder(path()) / "gone-7.faiss") << "x";
  std::ofstream(cache_folder(path()) / "hash-7.faiss.Ab3xYz") << "x";  // A killed writer's.
  ASSERT_TRUE(open_writer().write_caches().ok());
  EXPECT_TRUE(files_of("gone-").empty());
  EXPECT_EQ(files_of("hash-").size(), 1u);
}

TEST_F(EmbeddersTest, StatsAndVerifyTellOfEach) {
  const LibraryStats stats = Library::open(path())->stats().value();
  ASSERT_EQ(stats.embedders.size(), 2u);
  EXPECT_EQ(stats.embedders[0].name, kLsaName);
  EXPECT_EQ(stats.embedders[1].name, "hash");
  EXPECT_EQ(stats.embedders[1].dims, 24u);
  EXPECT_EQ(stats.embedders[1].vectors, 12u);
  EXPECT_EQ(stats.vectors, 12u);

  CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_EQ(report.find("vectors")->checked, 24u);
  EXPECT_EQ(report.find("caches")->checked, 3u);
  EXPECT_TRUE(report.find("caches")->notes.empty());
  const Database database = Database::open(database_file(path()), Database::Mode::kWrite).value();
  const std::string of_hash = " embedder_id = (SELECT id FROM embedders WHERE name = 'hash')";
  ASSERT_TRUE(database
                  .execute("DELETE FROM vectors WHERE chunk_id = 2 AND" + of_hash +
                           "; UPDATE vectors SET vector = zeroblob(512) WHERE chunk_id = 3 AND" +
                           of_hash)
                  .ok());
  report = verify_library(path()).value();
  ASSERT_EQ(report.find("vectors")->faults.size(), 1u);
  EXPECT_NE(report.find("vectors")->faults[0].message.english.find("hash"), std::string::npos);
  ASSERT_EQ(report.find("vectors")->notes.size(), 1u);
  EXPECT_NE(report.find("vectors")->notes[0].message.english.find("hash"), std::string::npos);
  ASSERT_EQ(report.find("caches")->notes.size(), 1u);  // 12 vectors where 11 are.
}

}  // namespace
}  // namespace saseo
