#include "index/library_host.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "index/sqlite.h"
#include "tests/index/hash_embedder.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

class LibraryHostTest : public ::testing::Test {
 protected:
  LibraryHostTest() {
    LibraryWriter writer = open_writer();
    for (int number = 0; number < 12; ++number) EXPECT_TRUE(put(writer, number, manual(number)));
    EXPECT_TRUE(writer.update_embeddings().ok());
    EXPECT_TRUE(writer.update_embeddings(hash_).ok());
    EXPECT_TRUE(writer.write_caches().ok());
  }

  std::filesystem::path path() const { return folder_.path() / "library"; }
  LibraryWriter open_writer() const { return LibraryWriter::open(path()).value(); }
  LibraryHost open_host() const { return LibraryHost::open(path()).value(); }
  static std::string manual(int number) {
    return fmt::format("# 장치 {}\n\n전원 버튼 {}번을 누르면 표시등이 켜집니다.\n", number, number);
  }
  static bool put(LibraryWriter& writer, int number, std::string_view markdown) {
    return put_markdown(writer, fmt::format("/m/{}.md", number), markdown).ok();
  }
  // Whether a reader keeps the write-ahead log from being emptied.
  bool log_is_held() const {
    const Database database = Database::open(database_file(path()), Database::Mode::kWrite).value();
    EXPECT_TRUE(database.execute("PRAGMA busy_timeout = 0").ok());
    return database.integer("PRAGMA wal_checkpoint(TRUNCATE)").value() != 0;
  }

  HashEmbedder hash_;
  TemporaryFolder folder_;
};

TEST_F(LibraryHostTest, LeasesOfOneStateHaveOneSnapshot) {
  const LibraryHost host = open_host();
  const LibraryLease one = host.lease().value(), other = host.lease().value();
  EXPECT_EQ(one.shared_snapshot(), other.shared_snapshot());
  EXPECT_NE(&one.library(), &other.library());
  EXPECT_EQ(one.snapshot().documents->size(), 12u);
  EXPECT_EQ(one.snapshot().embedder->name, kLsaName);
  EXPECT_EQ(one.snapshot().key(), snapshot_key(one.library()).value());
}

TEST_F(LibraryHostTest, ALeaseSeesOneStateToItsEndAndTheNextOneWhatWasCommitted) {
  const LibraryHost host = open_host();
  const LibraryLease before = host.lease().value();
  const StoredDocument gone = before.snapshot().documents->front();
  const ChunkId chunk{before.snapshot().postings->chunks()[0].chunk};
  {
    LibraryWriter writer = open_writer();
    ASSERT_TRUE(writer.remove_document(gone.id).ok());
    ASSERT_TRUE(put(writer, 99, manual(99)));
    ASSERT_TRUE(writer.write_caches().ok());
  }
  EXPECT_EQ(before.library().documents()->size(), 12u);
  EXPECT_TRUE(before.library().document(gone.id).ok());
  EXPECT_TRUE(before.library().chunk(chunk).ok());
  EXPECT_EQ(before.library().generation().value(), before.snapshot().generation);

  const LibraryLease after = host.lease().value();
  EXPECT_GT(after.snapshot().generation, before.snapshot().generation);
  EXPECT_EQ(after.snapshot().document(gone.id), nullptr);
  EXPECT_EQ(after.library().chunk(chunk).error().code, ErrorCode::kNotFound);
}

TEST_F(LibraryHostTest, AStateIsLoadedOnceHoweverManyAskAtTheSameTime) {
  constexpr std::size_t kAskers = 8;
  const LibraryHost host = open_host();
  for (int round = 0; round < 5; ++round) {
    std::vector<std::shared_ptr<const Snapshot>> seen(kAskers);
    std::barrier together(static_cast<std::ptrdiff_t>(kAskers));
    {
      std::vector<std::jthread> askers;
      for (std::size_t i = 0; i < kAskers; ++i) {
        askers.emplace_back([&, i] {
          together.arrive_and_wait();
          seen[i] = host.lease().value().shared_snapshot();
        });
      }
    }
    for (const auto& snapshot : seen) EXPECT_EQ(snapshot, seen.front());
    LibraryWriter writer = open_writer();
    ASSERT_TRUE(put(writer, 100 + round, manual(100 + round)));
  }
}

TEST_F(LibraryHostTest, AnOldSnapshotIsFreedWhenItsLastReaderIsGone) {
  const LibraryHost host = open_host();
  std::optional<LibraryLease> reader = host.lease().value();
  const std::weak_ptr<const Snapshot> old = reader->shared_snapshot();
  {
    LibraryWriter writer = open_writer();
    ASSERT_TRUE(put(writer, 99, manual(99)));
  }
  { const LibraryLease next = host.lease().value(); }
  EXPECT_FALSE(old.expired());
  reader.reset();
  EXPECT_TRUE(old.expired());
}

TEST_F(LibraryHostTest, AnIdleHostHoldsNoTransaction) {
  const LibraryHost host = open_host();
  { const LibraryLease lease = host.lease().value(); }
  {
    LibraryWriter writer = open_writer();
    ASSERT_TRUE(put(writer, 99, manual(99)));
  }
  {
    const LibraryLease lease = host.lease().value();
    (void)lease.library().documents().value();
    (void)lease.analyzer().analyze("표시등이 켜집니다");
    EXPECT_TRUE(log_is_held());
  }
  EXPECT_FALSE(log_is_held());
  EXPECT_EQ(host.lease()->snapshot().documents->size(), 13u);
}

TEST_F(LibraryHostTest, SnapshotsOfSeveralEmbeddersHaveDocumentsAndPostingsInCommon) {
  const LibraryHost host = open_host();
  const LibraryLease lsa = host.lease().value(), hash = host.lease("hash").value();
  EXPECT_EQ(lsa.snapshot().embedder->name, kLsaName);
  EXPECT_EQ(hash.snapshot().embedder->name, "hash");
  EXPECT_EQ(hash.snapshot().vectors->dims(), 24u);
  EXPECT_EQ(lsa.snapshot().postings, hash.snapshot().postings);
  EXPECT_EQ(lsa.snapshot().documents, hash.snapshot().documents);
  EXPECT_EQ(host.lease("hash")->shared_snapshot(), hash.shared_snapshot());
}

TEST_F(LibraryHostTest, NewVectorsOfAnEmbedderExchangeItsSnapshotAndLeaveTheOthers) {
  const LibraryHost host = open_host();
  const LibraryLease lsa = host.lease(kLsaName).value(), hash = host.lease("hash").value();
  ASSERT_TRUE(open_writer().rebuild_embeddings(hash_).ok());
  EXPECT_EQ(host.lease(kLsaName)->shared_snapshot(), lsa.shared_snapshot());
  EXPECT_NE(host.lease("hash")->shared_snapshot(), hash.shared_snapshot());
}

TEST_F(LibraryHostTest, WhatIsNotThereIsAnErrorAndTheNextLeaseWorks) {
  EXPECT_EQ(LibraryHost::open(folder_.path() / "nowhere").error().code, ErrorCode::kNotFound);
  const LibraryHost host = open_host();
  for (int again = 0; again < 3; ++again)
    EXPECT_EQ(host.lease("none").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(host.lease().ok());
  EXPECT_FALSE(log_is_held());
}

TEST_F(LibraryHostTest, ALibraryThatWasMadeAnewIsReadAnew) {
  const LibraryHost host = open_host();
  EXPECT_EQ(host.lease()->snapshot().documents->size(), 12u);
  std::filesystem::remove_all(path());
  EXPECT_EQ(host.lease().error().code, ErrorCode::kNotFound);
  {
    LibraryWriter writer = open_writer();
    ASSERT_TRUE(put(writer, 1, manual(1)));
  }
  EXPECT_EQ(host.lease()->snapshot().documents->size(), 1u);
}

TEST_F(LibraryHostTest, ALeaseMayOutliveItsHost) {
  auto host = std::make_optional(open_host());
  const LibraryLease lease = host->lease().value();
  host.reset();
  EXPECT_EQ(lease.library().documents()->size(), 12u);
}

TEST_F(LibraryHostTest, ReadersOnManyThreadsSeeWholeStatesWhileDocumentsComeAndGo) {
  const LibraryHost host = open_host();
  std::atomic<bool> writing = true;
  std::atomic<int> reads = 0;
  const auto read = [&] {
    while (writing) {
      const Result<LibraryLease> lease = host.lease();
      ASSERT_TRUE(lease.ok()) << lease.error().message.english;
      const Snapshot& snapshot = lease->snapshot();
      EXPECT_EQ(snapshot.generation, lease->library().generation().value());
      EXPECT_EQ(snapshot.documents->size(), lease->library().documents()->size());
      for (const Postings::ChunkEntry& entry : snapshot.postings->chunks()) {
        const Result<StoredChunk> chunk = lease->library().chunk(ChunkId{entry.chunk});
        ASSERT_TRUE(chunk.ok()) << chunk.error().message.english;
        EXPECT_NE(snapshot.document(chunk->document), nullptr);
      }
      ++reads;
    }
  };
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) readers.emplace_back(read);
    LibraryWriter writer = open_writer();
    for (int round = 0; round < 10; ++round) {
      const int before = reads;
      EXPECT_TRUE(put(writer, 50 + round % 3, manual(round)));
      EXPECT_TRUE(writer.remove_document(writer.library().documents()->front().id).ok());
      EXPECT_TRUE(put(writer, round, manual(round + 200)));
      EXPECT_TRUE(writer.update_embeddings().ok());
      if (round % 2 == 0) {
        EXPECT_TRUE(writer.write_caches().ok());
      }
      while (reads == before && !HasFailure()) std::this_thread::yield();
    }
    writing = false;
  }
  EXPECT_GE(reads, 10);
  EXPECT_FALSE(log_is_held());
}

}  // namespace
}  // namespace saseo
