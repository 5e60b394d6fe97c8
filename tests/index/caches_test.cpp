#include "index/caches.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "index/snapshot.h"
#include "index/sqlite.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

class CachesTest : public ::testing::Test {
 protected:
  CachesTest() {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    for (int i = 0; i < 12; ++i) {
      const std::string markdown = "# 제목 " + std::to_string(i) + "\n\n배터리 충전 " +
                                   std::to_string(i * 7) +
                                   (i % 2 == 0 ? " 무선 패드 위치" : " 케이블 어댑터 연결") + "\n";
      EXPECT_TRUE(put_markdown(writer, "/m/" + std::to_string(i) + ".md", markdown).ok());
    }
    EXPECT_TRUE(writer.update_embeddings().ok());
    EXPECT_TRUE(writer.write_caches().ok());
  }
  std::filesystem::path path() const { return folder_.path() / "library"; }
  Snapshot load() {
    const Library library = Library::open(path()).value();
    return load_snapshot(library).value();
  }
  static void damage(const std::filesystem::path& file, std::streamoff offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(offset);
    const char byte = static_cast<char>(stream.get() ^ 0x5A);
    stream.seekp(offset);
    stream.put(byte);
  }
  TemporaryFolder folder_;
};

TEST_F(CachesTest, ASavedSnapshotIsLoadedAsItWas) {
  const Snapshot cached = load();
  EXPECT_TRUE(cached.from_cache);
  std::filesystem::remove_all(cache_folder(path()));
  const Snapshot rebuilt = load();
  EXPECT_FALSE(rebuilt.from_cache);
  ASSERT_EQ(cached.postings->term_count(), rebuilt.postings->term_count());
  ASSERT_EQ(cached.postings->posting_count(), rebuilt.postings->posting_count());
  for (std::size_t t = 0; t < cached.postings->term_count(); ++t) {
    ASSERT_EQ(cached.postings->term_text(t), rebuilt.postings->term_text(t));
    ASSERT_TRUE(std::ranges::equal(cached.postings->postings(t).ordinals,
                                   rebuilt.postings->postings(t).ordinals));
  }
  ASSERT_EQ(cached.vectors->ids().size(), 12u);
  const std::vector<float> query(cached.vectors->dims(), 0.1f);
  EXPECT_EQ(cached.vectors->search(query, 5), rebuilt.vectors->search(query, 5));
}

TEST_F(CachesTest, EveryDamagedByteIsNoticedAndTheCacheRebuilt) {
  // Numbers only: a snapshot kept alive would map the very file that is damaged here.
  const std::filesystem::path postings_cache = postings_file(path(), load().generation);
  const std::filesystem::path vectors_cache = vectors_file(path(), *load().embedder);
  const std::size_t postings = load().postings->posting_count();
  for (const std::filesystem::path& file : {postings_cache, vectors_cache}) {
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
    for (const std::streamoff offset :
         {std::streamoff{0}, std::streamoff{20}, std::streamoff{40}, size / 2, size - 1}) {
      damage(file, offset);
      const Snapshot snapshot = load();
      EXPECT_FALSE(snapshot.from_cache) << file << " at " << offset;
      EXPECT_EQ(snapshot.postings->posting_count(), postings);
      EXPECT_EQ(snapshot.vectors->ids().size(), 12u);
      damage(file, offset);  // Back to what it was.
    }
    std::filesystem::resize_file(file, static_cast<std::uintmax_t>(size / 3));
    EXPECT_FALSE(load().from_cache);
    std::filesystem::resize_file(file, 0);
    EXPECT_FALSE(load().from_cache);
  }
}

TEST_F(CachesTest, ACacheOfAnotherGenerationIsNotUsed) {
  const std::int64_t generation = load().generation;
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(put_markdown(writer, "/m/new.md", "# 새\n\n새 문서\n").ok());
  }
  std::filesystem::copy_file(postings_file(path(), generation),
                             postings_file(path(), generation + 1));
  const Snapshot snapshot = load();
  EXPECT_FALSE(snapshot.from_cache);
  EXPECT_EQ(snapshot.postings->chunks().size(), 13u);
}

TEST_F(CachesTest, WritingRemovesTheFilesOfOlderGenerations) {
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(put_markdown(writer, "/m/new.md", "# 새\n\n새 문서\n").ok());
    ASSERT_TRUE(writer.update_embeddings().ok());
    ASSERT_TRUE(writer.write_caches().ok());
  }
  int files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(cache_folder(path())))
    ++files;
  EXPECT_EQ(files, 2);
}

TEST_F(CachesTest, VectorsHaveUnitLength) {
  const Library library = Library::open(path()).value();
  const auto embedder = stored_embedder(library.database(), kLsaName).value();
  ASSERT_TRUE(embedder.has_value());
  const ChunkVectors vectors = read_vectors(library.database(), *embedder).value();
  ASSERT_EQ(vectors.ids.size(), 12u);
  for (std::size_t i = 0; i < vectors.ids.size(); ++i) {
    float sum = 0;
    for (std::size_t d = 0; d < vectors.dims; ++d)
      sum += vectors.vectors[i * vectors.dims + d] * vectors.vectors[i * vectors.dims + d];
    EXPECT_NEAR(sum, 1.0f, 1e-4f);
  }
}

}  // namespace
}  // namespace saseo
