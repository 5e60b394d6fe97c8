#include "retrieval/ranker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "index/library.h"
#include "index/sqlite.h"
#include "retrieval/searcher.h"
#include "tests/index/hash_embedder.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

constexpr std::string_view kTexts[] = {
    "# Charging\n\nPut the phone on the wireless pad. Charging begins at once.\n",
    "# Cable\n\nPlug the cable into the port. Charging by cable is faster.\n",
    "# Cleaning\n\nClean the port with a dry cloth. Never use water on the cable, the pad, the "
    "glass, the camera or the speaker.\n",
    "# 무선 충전\n\n충전 패드 가운데에 휴대폰을 올립니다.\n",
    "# 유선 충전\n\n케이블을 단자에 꽂습니다. 무선 충전보다 빠릅니다.\n",
    "# Camera\n\nWipe the glass of the camera with a dry cloth.\n",
};
constexpr std::string_view kEnglish = "charging by cable on the pad";
constexpr std::string_view kKorean = "무선 충전 패드";

class RankerTest : public ::testing::Test {
 protected:
  RankerTest() {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    int number = 0;
    for (const std::string_view text : kTexts)
      EXPECT_TRUE(put_markdown(writer, "/m/" + std::to_string(number++) + ".md", text).ok());
    EXPECT_TRUE(writer.update_embeddings().ok());
    EXPECT_TRUE(writer.update_embeddings(hash_).ok());
    library_.emplace(Library::open(path()).value());
    snapshot_ = load_snapshot(*library_).value();
    of_hash_ = load_snapshot(*library_, {.embedder = "hash"}).value();
    by_hash_.embedder = &hash_;
  }
  std::filesystem::path path() const { return folder_.path() / "library"; }
  Ranking rank(std::string_view question, const RankingOptions& options,
               const std::vector<bool>& allowed = {}) {
    const Snapshot& snapshot = options.embedder == nullptr ? snapshot_ : of_hash_;
    return rank_chunks(snapshot, library_->database(), analyzer_, question, allowed, options)
        .value();
  }
  static std::vector<std::uint32_t> ordinals_of(const Ranking& ranking) {
    std::vector<std::uint32_t> ordinals;
    for (const RankedOrdinal& chunk : ranking.chunks) ordinals.push_back(chunk.ordinal);
    return ordinals;
  }
  // By ordinal: of the hash embedder's vectors, not less than 0.
  std::vector<float> cosines(std::string_view question) {
    const std::vector<float> query = hash_.embed_query(question).value();
    std::vector<float> cosines;
    for (const Postings::ChunkEntry& chunk : of_hash_.postings->chunks()) {
      const ChunkId id{chunk.chunk};
      cosines.push_back(std::max(0.0f, of_hash_.vectors->similarities(query, {&id, 1})[0]));
    }
    return cosines;
  }
  TemporaryFolder folder_;
  HashEmbedder hash_;
  Analyzer analyzer_;
  std::optional<Library> library_;
  Snapshot snapshot_, of_hash_;
  RankingOptions by_hash_;
};

TEST_F(RankerTest, FusedAddsEachSidesShareOfItsBest) {
  by_hash_.other.dense_weight = 0.3f;
  by_hash_.other.dense_length_exponent = 0;
  const Ranking ranking = rank(kEnglish, by_hash_);
  const std::vector<float> lexical =
      score_lexically(*snapshot_.postings, ranking.terms, by_hash_.other.lexical);
  const std::vector<float> dense = cosines(kEnglish);
  const float best_lexical = std::ranges::max(lexical), best_dense = std::ranges::max(dense);
  ASSERT_GE(ranking.chunks.size(), 3u);
  for (const RankedOrdinal& chunk : ranking.chunks) {
    EXPECT_FLOAT_EQ(chunk.lexical, lexical[chunk.ordinal]);
    EXPECT_NEAR(chunk.dense, dense[chunk.ordinal], 1e-6);
    EXPECT_NEAR(
        chunk.fused,
        0.7f * lexical[chunk.ordinal] / best_lexical + 0.3f * dense[chunk.ordinal] / best_dense,
        1e-5);
  }
  EXPECT_TRUE(
      std::ranges::is_sorted(ranking.chunks, std::ranges::greater{}, &RankedOrdinal::fused));
}

TEST_F(RankerTest, TheQuestionsLanguageChoosesTheWeights) {
  RankingOptions options;
  options.korean.dense_weight = 0;  // Lexical alone.
  options.other.dense_weight = 1;   // Dense alone.
  const Ranking korean = rank(kKorean, options), english = rank(kEnglish, options);
  ASSERT_FALSE(korean.chunks.empty());
  ASSERT_FALSE(english.chunks.empty());
  for (const RankedOrdinal& chunk : korean.chunks)
    EXPECT_NEAR(chunk.fused, chunk.lexical / korean.chunks[0].lexical, 1e-6);
  for (const RankedOrdinal& chunk : english.chunks)
    EXPECT_NEAR(chunk.fused, chunk.dense / english.chunks[0].dense, 1e-6);
}

TEST_F(RankerTest, LexicalFindsWhatSharesAWordBestFirst) {
  by_hash_.mode = RankingMode::kLexical;
  const Ranking ranking = rank(kEnglish, by_hash_);
  const std::vector<float> scores =
      score_lexically(*snapshot_.postings, ranking.terms, by_hash_.other.lexical);
  ASSERT_EQ(ranking.chunks.size(),
            static_cast<std::size_t>(std::ranges::count_if(scores, [](float s) { return s > 0; })));
  ASSERT_LT(ranking.chunks.size(), std::size(kTexts));
  for (std::size_t i = 0; i < ranking.chunks.size(); ++i) {
    EXPECT_EQ(ranking.chunks[i].lexical_rank, static_cast<int>(i) + 1);
    EXPECT_FLOAT_EQ(ranking.chunks[i].fused, scores[ranking.chunks[i].ordinal]);
  }
  EXPECT_TRUE(
      std::ranges::is_sorted(ranking.chunks, std::ranges::greater{}, &RankedOrdinal::fused));
}

TEST_F(RankerTest, DenseRanksByTheVectorsOfTheEmbedderThatIsAsked) {
  by_hash_.mode = RankingMode::kDense;
  by_hash_.other.dense_length_exponent = 0;
  RankingOptions by_lsa = by_hash_;
  by_lsa.embedder = nullptr;
  const Ranking ranking = rank(kEnglish, by_hash_);
  const std::vector<float> scores = cosines(kEnglish);
  std::vector<std::uint32_t> expected;
  for (std::uint32_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0) expected.push_back(i);
  std::ranges::sort(expected,
                    [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
  EXPECT_EQ(ordinals_of(ranking), expected);
  EXPECT_NE(ordinals_of(rank(kEnglish, by_lsa)), expected);
}

TEST_F(RankerTest, ShortChunksAreDampedByTheirLength) {
  by_hash_.mode = RankingMode::kDense;
  by_hash_.other.dense_length_exponent = 0.5f;
  const std::vector<float> scores = cosines(kEnglish);
  const auto chunks = of_hash_.postings->chunks();
  float total = 0;
  for (const Postings::ChunkEntry& chunk : chunks) total += static_cast<float>(chunk.stems);
  const float average = total / static_cast<float>(chunks.size());
  const Ranking ranking = rank(kEnglish, by_hash_);
  ASSERT_FALSE(ranking.chunks.empty());
  for (const RankedOrdinal& chunk : ranking.chunks) {
    const float length = static_cast<float>(chunks[chunk.ordinal].stems) / average;
    EXPECT_NEAR(chunk.dense, scores[chunk.ordinal] * std::sqrt(0.1f + length), 1e-5);
  }
}

TEST_F(RankerTest, ReciprocalRanksLookAtPlacesAlone) {
  by_hash_.mode = RankingMode::kReciprocalRanks;
  by_hash_.other.dense_weight = 0.25f;
  const Ranking ranking = rank(kEnglish, by_hash_);
  ASSERT_FALSE(ranking.chunks.empty());
  for (const RankedOrdinal& chunk : ranking.chunks) {
    float expected = 0;
    if (chunk.lexical_rank > 0) expected += 0.75f / (60 + static_cast<float>(chunk.lexical_rank));
    if (chunk.dense_rank > 0) expected += 0.25f / (60 + static_cast<float>(chunk.dense_rank));
    EXPECT_NEAR(chunk.fused, expected, 1e-6);
  }
}

TEST_F(RankerTest, FindsOnlyWhatIsAllowed) {
  std::vector<bool> allowed(std::size(kTexts));
  allowed[1] = allowed[2] = true;
  for (const RankingMode mode : {RankingMode::kLexical, RankingMode::kDense, RankingMode::kFused,
                                 RankingMode::kReciprocalRanks}) {
    RankingOptions options;
    options.mode = mode;
    const std::vector<std::uint32_t> found = ordinals_of(rank(kEnglish, options, allowed));
    EXPECT_EQ(std::set(found.begin(), found.end()), (std::set<std::uint32_t>{1, 2}));
  }
  EXPECT_TRUE(rank(kEnglish, {}, std::vector<bool>(std::size(kTexts))).chunks.empty());
}

TEST_F(RankerTest, TakesSoManyCandidatesOfEachStage) {
  by_hash_.candidates = 1;
  const Ranking ranking = rank(kEnglish, by_hash_);
  EXPECT_GE(ranking.chunks.size(), 1u);
  EXPECT_LE(ranking.chunks.size(), 2u);
  for (const RankedOrdinal& chunk : ranking.chunks)
    EXPECT_TRUE(chunk.lexical_rank == 1 || chunk.dense_rank == 1);
}

TEST_F(RankerTest, EqualScoresAreInTheOrderOfTheChunks) {
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    for (const char* file : {"/m/7.md", "/m/8.md", "/m/9.md"})
      ASSERT_TRUE(put_markdown(writer, file, kTexts[1]).ok());
    ASSERT_TRUE(writer.refit_embeddings().ok());
  }
  snapshot_ = load_snapshot(*library_).value();
  std::vector<std::uint32_t> same;
  for (const RankedOrdinal& chunk : rank(kEnglish, {}).chunks)
    if (chunk.ordinal == 1 || chunk.ordinal > 5) same.push_back(chunk.ordinal);
  EXPECT_EQ(same, (std::vector<std::uint32_t>{1, 6, 7, 8}));
}

TEST_F(RankerTest, WithoutAnEmbeddingRanksByWords) {
  Snapshot without = snapshot_;
  without.embedder.reset();
  without.vectors = nullptr;
  const Ranking ranking =
      rank_chunks(without, library_->database(), analyzer_, kEnglish, {}, {}).value();
  RankingOptions lexical;
  lexical.mode = RankingMode::kLexical;
  EXPECT_EQ(ordinals_of(ranking), ordinals_of(rank(kEnglish, lexical)));
  EXPECT_TRUE(rank("zzzz qqqq", lexical).chunks.empty());
}

TEST_F(RankerTest, VectorsWhoseEmbedderIsNotAtHandAreAnError) {
  HashEmbedder other("other"), wider("hash", 48);
  for (Embedder* embedder : std::initializer_list<Embedder*>{nullptr, &other, &wider}) {
    RankingOptions options;
    options.embedder = embedder;
    const Result<Ranking> ranking =
        rank_chunks(of_hash_, library_->database(), analyzer_, kEnglish, {}, options);
    ASSERT_FALSE(ranking.ok());
    EXPECT_EQ(ranking.error().code, ErrorCode::kUnsupported);
  }
}

TEST_F(RankerTest, SearchersUseTheirEmbeddersVectorsAndFollowThem) {
  by_hash_.mode = RankingMode::kDense;
  by_hash_.other.dense_length_exponent = 0;
  const LibraryHost host = LibraryHost::open(path()).value();
  const auto first = [&] {
    const Searcher searcher = Searcher::open(host, by_hash_).value();
    return static_cast<std::int64_t>(
        searcher.search({.text = "camera glass cloth"})->hits.at(0).stored.document);
  };
  EXPECT_EQ(first(), 6);
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(put_markdown(writer, "/m/99.md", "# camera glass\n\ncamera glass cloth\n").ok());
    EXPECT_EQ(first(), 6);  // It has no vector yet.
    ASSERT_TRUE(writer.update_embeddings(hash_).ok());
  }
  EXPECT_EQ(first(), 7);
}

TEST_F(RankerTest, ASearcherOfALibraryThatNamesAnEmbedderNeedsIt) {
  ASSERT_TRUE(LibraryWriter::open(path())->use_embedder("hash").ok());
  const LibraryHost host = LibraryHost::open(path()).value();
  const Searcher without = Searcher::open(host).value();
  EXPECT_EQ(without.search({.text = "cable"}).error().code, ErrorCode::kUnsupported);
  const Searcher with = Searcher::open(host, by_hash_).value();
  EXPECT_TRUE(with.search({.text = "cable"}).ok());
}

}  // namespace
}  // namespace saseo
