#include "retrieval/searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "retrieval/context.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

constexpr std::string_view kPhone = R"(---
title: 가람폰 사용 설명서
product: 가람폰 A1
model: GP-A100
language: ko
---
# 충전
## 무선 충전
충전 패드 가운데에 휴대폰을 올립니다. 케이스를 벗기면 더 빨리 충전됩니다.
## 유선 충전
USB-C 케이블을 단자에 꽂습니다. 25 W까지 지원합니다.
# 초기화
설정에서 공장 초기화를 선택합니다. 저장한 사진이 모두 지워집니다.
# 오류 코드
| 코드 | 뜻 |
|---|---|
| E-21 | 단자에 물기가 있습니다 |
| E-22 | 배터리가 뜨겁습니다 |
)";

constexpr std::string_view kCleaner = R"(---
title: 가람청소기 사용 설명서
product: 가람청소기 B2
model: GC-B200
language: ko
---
# 충전
충전대 앞면에 청소기를 맞추면 충전이 시작됩니다.
# 초기화
홈 단추를 10초 누르면 공장 초기화됩니다. 저장한 지도가 지워집니다.
# 오류 코드
| 코드 | 뜻 |
|---|---|
| E-21 | 솔에 머리카락이 감겼습니다 |
)";

class SearcherTest : public ::testing::Test {
 protected:
  SearcherTest() {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    EXPECT_TRUE(put_markdown(writer, "/m/phone.md", kPhone).ok());
    EXPECT_TRUE(put_markdown(writer, "/m/cleaner.md", kCleaner).ok());
    EXPECT_TRUE(writer.update_embeddings().ok());
    EXPECT_TRUE(writer.write_caches().ok());
  }
  std::filesystem::path path() const { return folder_.path() / "library"; }
  Searcher open() {
    if (!host_) host_.emplace(LibraryHost::open(path()).value());
    return Searcher::open(*host_).value();
  }
  static SearchResult search(const Searcher& searcher, const std::string& text,
                             Filter filter = {}) {
    Result<SearchResult> result = searcher.search({text, std::move(filter), 10});
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message.english);
    return std::move(result).value();
  }
  std::string product_of(const Searcher& searcher, const RankedChunk& hit) {
    return searcher.library().document(hit.stored.document)->info.product;
  }
  TemporaryFolder folder_;
  std::optional<LibraryHost> host_;
};

TEST_F(SearcherTest, TheSectionThatIsAskedForComesFirst) {
  Searcher searcher = open();
  const SearchResult result = search(searcher, "무선으로 충전하려면?");
  ASSERT_FALSE(result.hits.empty());
  EXPECT_EQ(result.hits[0].stored.chunk.heading_path.back(), "무선 충전");
  for (std::size_t i = 1; i < result.hits.size(); ++i)
    EXPECT_GE(result.hits[i - 1].hit.score, result.hits[i].hit.score);
}

TEST_F(SearcherTest, AProductThatIsNamedIsKeptTo) {
  Searcher searcher = open();
  for (const auto& [question, product] : {std::pair{"가람청소기 초기화 방법", "가람청소기 B2"},
                                          {"A1 초기화하려면", "가람폰 A1"},
                                          {"GC-B200을 초기화하고 싶어요", "가람청소기 B2"},
                                          {"gp a100 오류 코드", "가람폰 A1"}}) {
    const SearchResult result = search(searcher, question);
    EXPECT_EQ(result.product.decision, ProductDecision::kNamed) << question;
    EXPECT_EQ(result.product.product, product) << question;
    ASSERT_FALSE(result.hits.empty());
    for (const RankedChunk& hit : result.hits)
      EXPECT_EQ(product_of(searcher, hit), product) << question;
  }
}

TEST_F(SearcherTest, AProductThatClearlyFitsBetterWins) {
  Searcher searcher = open();
  const SearchResult result = search(searcher, "USB-C 케이블로 몇 와트까지 지원해?");
  EXPECT_EQ(result.product.decision, ProductDecision::kWins);
  EXPECT_EQ(result.product.product, "가람폰 A1");
  for (const RankedChunk& hit : result.hits) EXPECT_EQ(product_of(searcher, hit), "가람폰 A1");
}

TEST_F(SearcherTest, TwoProductsThatFitEquallyAreBothOffered) {
  Searcher searcher = open();
  const SearchResult result = search(searcher, "공장 초기화");
  EXPECT_EQ(result.product.decision, ProductDecision::kAmbiguous);
  EXPECT_EQ(result.product.candidates.size(), 2u);
}

TEST_F(SearcherTest, TheWordsOfManualsFindWhatPeopleCallOtherwise) {
  Searcher searcher = open();
  const SearchResult result = search(searcher, "폰을 리셋하고 싶어요");
  ASSERT_FALSE(result.hits.empty());
  EXPECT_EQ(result.hits[0].stored.chunk.heading_path.back(), "초기화");
  EXPECT_EQ(product_of(searcher, result.hits[0]), "가람폰 A1");
}

TEST_F(SearcherTest, TheProductTalkedAboutIsTakenWhereSeveralFitEqually) {
  Searcher searcher = open();
  const Result<SearchResult> result =
      searcher.search({.text = "공장 초기화", .talked_about = "가람청소기 B2"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->product.decision, ProductDecision::kWins);
  EXPECT_EQ(result->product.product, "가람청소기 B2");
}

TEST_F(SearcherTest, CodesAreFoundHoweverTheyAreWritten) {
  Searcher searcher = open();
  for (const char* code : {"E-21", "E21", "e-21이 떴어요", "에러 21", "오류 코드 21"}) {
    const SearchResult result = search(searcher, code, {.product = "가람폰 A1"});
    ASSERT_FALSE(result.hits.empty()) << code;
    EXPECT_NE(result.hits[0].stored.chunk.text.find("E-21"), std::string::npos) << code;
  }
}

TEST_F(SearcherTest, FiltersHold) {
  Searcher searcher = open();
  const DocumentId cleaner = searcher.library().find_document("cleaner.md").value();
  for (const RankedChunk& hit : search(searcher, "충전", {.documents = {cleaner}}).hits)
    EXPECT_EQ(hit.stored.document, cleaner);
  const SearchResult by_model = search(searcher, "충전", {.product = "gc-b200"});
  ASSERT_FALSE(by_model.hits.empty());
  EXPECT_EQ(by_model.product.decision, ProductDecision::kFiltered);
  for (const RankedChunk& hit : by_model.hits) EXPECT_EQ(hit.stored.document, cleaner);
  EXPECT_TRUE(search(searcher, "충전", {.language = Language::kEnglish}).hits.empty());
  EXPECT_FALSE(search(searcher, "충전", {.language = Language::kKorean}).hits.empty());
  EXPECT_TRUE(search(searcher, "충전", {.product = "없는 제품"}).hits.empty());
}

TEST_F(SearcherTest, AQuotedPhraseMustOccur) {
  Searcher searcher = open();
  const SearchResult result = search(searcher, "\"공장 초기화를\" 하려면");
  ASSERT_EQ(result.hits.size(), 1u);
  EXPECT_NE(result.hits[0].stored.chunk.text.find("공장 초기화를"), std::string::npos);
  EXPECT_TRUE(search(searcher, "\"이런 말은 없다\"").hits.empty());
}

TEST_F(SearcherTest, TheSameTextOfAnotherEditionIsOneHit) {
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(put_markdown(writer, "/m/phone-copy.md", kPhone).ok());
  }
  Searcher searcher = open();
  const SearchResult result = search(searcher, "무선 충전 패드");
  EXPECT_GT(result.duplicates_dropped, 0u);
  std::set<std::string> texts;
  for (const RankedChunk& hit : result.hits)
    EXPECT_TRUE(texts.insert(hit.stored.chunk.text).second);
}

TEST_F(SearcherTest, AnEditionInTheQuestionsLanguageAnswersWhereItCanAndElseTheOther) {
  LibraryWriter writer = LibraryWriter::open(path()).value();
  ASSERT_TRUE(put_markdown(writer, "/m/phone-en.md", R"(---
title: Garam Phone User Guide
product: Garam Phone A1
model: GP-A100
language: en
---
# Charging
## Wireless charging
Lay the phone on the middle of the charging pad. It charges faster without a case.
# Reset
Choose factory reset in the settings. All saved photos are erased.
# Warranty
The warranty of the phone lasts 18 months from the day of purchase.
)")
                  .ok());
  ASSERT_TRUE(writer.update_embeddings().ok());
  ASSERT_TRUE(writer.write_caches().ok());
  Searcher searcher = open();
  const auto product_of_first = [&](const std::string& question) {
    const SearchResult result = search(searcher, question);
    return result.hits.empty() ? "" : product_of(searcher, result.hits.front());
  };
  EXPECT_EQ(product_of_first("How do I charge the phone wirelessly?"), "Garam Phone A1");
  EXPECT_EQ(product_of_first("Garam Phone A1 factory reset"), "Garam Phone A1");
  EXPECT_EQ(product_of_first("가람폰 무선으로 충전하려면?"), "가람폰 A1");
  EXPECT_EQ(product_of_first("가람폰 보증은 몇 개월이에요?"), "Garam Phone A1");
  const SearchResult named = search(searcher, "가람폰 보증은 몇 개월이에요?");
  EXPECT_EQ(named.product.decision, ProductDecision::kNamed);
  EXPECT_EQ(named.product.product, "Garam Phone A1");
  EXPECT_EQ(search(searcher, "How do I charge the phone wirelessly?").other_language,
            Language::kKorean);
  Filter filter;
  filter.language = Language::kKorean;
  filter.product = "Garam Phone A1";
  const SearchResult filtered = search(searcher, "How do I charge it wirelessly?", filter);
  ASSERT_FALSE(filtered.hits.empty());
  EXPECT_EQ(product_of(searcher, filtered.hits.front()), "가람폰 A1");
}

TEST_F(SearcherTest, ASearcherKeepsToItsStateAndTheNextOneSeesWhatWasCommitted) {
  const Searcher searcher = open();
  EXPECT_TRUE(search(searcher, "\"새로운 문단\"").hits.empty());
  const SearchResult before = search(searcher, "무선으로 충전하려면?");
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(put_markdown(writer, "/m/new.md", "# 새 소식\n\n새로운 문단입니다.\n").ok());
    ASSERT_TRUE(writer.remove_document(DocumentId{1}).ok());
  }
  EXPECT_TRUE(search(searcher, "\"새로운 문단\"").hits.empty());
  const SearchResult again = search(searcher, "무선으로 충전하려면?");
  ASSERT_EQ(again.hits.size(), before.hits.size());
  for (std::size_t i = 0; i < again.hits.size(); ++i)
    EXPECT_EQ(again.hits[i].hit, before.hits[i].hit);
  EXPECT_EQ(search(open(), "\"새로운 문단\"").hits.size(), 1u);
  EXPECT_TRUE(search(open(), "\"충전 패드 가운데\"").hits.empty());
}

TEST_F(SearcherTest, QuestionsThatSayNothingAreRefused) {
  Searcher searcher = open();
  for (const std::string& question : {std::string(), std::string("  \n"), std::string("?!…")}) {
    EXPECT_EQ(searcher.search({question, {}, 10}).error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(searcher.search({std::string(100'000, 'a'), {}, 10}).error().code,
            ErrorCode::kBadInput);
  EXPECT_EQ(searcher.search({"\xFF\xFE", {}, 10}).error().code, ErrorCode::kBadInput);
}

TEST_F(SearcherTest, ResultsRepeat) {
  Searcher one = open(), other = open();
  const SearchResult a = search(one, "충전 단자에 물기"), b = search(other, "충전 단자에 물기");
  ASSERT_EQ(a.hits.size(), b.hits.size());
  for (std::size_t i = 0; i < a.hits.size(); ++i) EXPECT_EQ(a.hits[i].hit, b.hits[i].hit);
}

TEST_F(SearcherTest, AContextHoldsWholeSectionsOnceAndKeepsToTheBudget) {
  Searcher searcher = open();
  const SearchResult result = search(searcher, "충전", {.product = "가람폰 A1"});
  const Context context = build_context(searcher.library(), result, {.token_budget = 30}).value();
  ASSERT_FALSE(context.passages.empty());
  EXPECT_TRUE(context.tokens <= 30 || context.passages.size() == 1);
  EXPECT_GT(context.left_out, 0u);
  std::set<ChunkId> shown;
  for (std::size_t i = 0; i < context.passages.size(); ++i) {
    const Passage& passage = context.passages[i];
    EXPECT_EQ(passage.number, static_cast<int>(i) + 1);
    EXPECT_EQ(passage.info.product, "가람폰 A1");
    for (const ChunkId chunk : passage.chunks) EXPECT_TRUE(shown.insert(chunk).second);
    const std::string text = searcher.library().document_text(passage.document).value();
    for (const ByteSpan& segment : passage.segments) EXPECT_LE(segment.end, text.size());
  }
}

TEST(Context, ALongSectionIsFilledAroundTheHitInReadingOrder) {
  TemporaryFolder folder;
  LibraryWriter writer = LibraryWriter::open(folder.path() / "library").value();
  std::string markdown = "# 긴 절\n\n";
  for (int i = 0; i < 30; ++i)
    markdown += "문단 " + std::to_string(i) + " 은 배터리와 화면과 소리에 대해 길게 말합니다.\n\n";
  ASSERT_TRUE(put_markdown(writer, "/m/long.md", markdown, {.max_tokens = 60}).ok());
  const LibraryHost host = LibraryHost::open(folder.path() / "library").value();
  const Searcher searcher = Searcher::open(host).value();
  const SearchResult result = searcher.search({"\"문단 15\"", {}, 1}).value();
  ASSERT_EQ(result.hits.size(), 1u);
  const Context context = build_context(searcher.library(), result, {.token_budget = 200}).value();
  ASSERT_EQ(context.passages.size(), 1u);
  EXPECT_LE(context.tokens, 200u);
  EXPECT_GT(context.passages[0].chunks.size(), 1u);
  EXPECT_TRUE(std::ranges::is_sorted(context.passages[0].segments, {}, &ByteSpan::begin));
  EXPECT_NE(context.passages[0].text.find("문단 15"), std::string::npos);
}

}  // namespace
}  // namespace saseo
