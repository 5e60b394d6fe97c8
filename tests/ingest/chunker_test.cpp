#include "ingest/chunker.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/utf8.h"
#include "ingest/document_builder.h"
#include "ingest/text_readers.h"
#include "tests/ingest/block_dump.h"
#include "tests/ingest/layout_test_page.h"

namespace saseo {
namespace {

std::vector<Chunk> chunks_of(std::string_view markdown, std::size_t max_tokens = 320) {
  return make_chunks(read_markdown(markdown), {.max_tokens = max_tokens});
}

TEST(MakeChunks, ShowsMarkersAndLeavesThePathOut) {
  const auto chunks = chunks_of(
      "# 설명서\n\n## 충전\n\n### 유선\n\n다음처럼 하세요.\n\n1. 꽂습니다.\n\n   > **주의** "
      "뜨겁습니다.\n\n2. 뽑습니다.\n\n- 참고용\n");
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0].text,
            "다음처럼 하세요.\n1. 꽂습니다.\n주의: 뜨겁습니다.\n2. 뽑습니다.\n• 참고용");
  EXPECT_EQ(chunks[0].heading_path, (std::vector<std::string>{"충전", "유선"}));
  EXPECT_EQ(chunks[0].tokens, estimate_tokens(chunks[0].text));
  EXPECT_EQ(chunks[0].first_page, 0);
}

TEST(MakeChunks, KeepsTheTopHeadingInThePathWhenThereAreSeveral) {
  const auto chunks = chunks_of("---\ntitle: 안전\n---\n# 안전\n\n글\n\n# 충전\n\n글\n");
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_EQ(chunks[0].heading_path, (std::vector<std::string>{"안전"}));
  EXPECT_EQ(chunks[1].heading_path, (std::vector<std::string>{"충전"}));
}

TEST(MakeChunks, NumbersSectionsAndMakesNoChunkOfAHeadingAboveOthers) {
  const auto chunks = chunks_of("# 가\n\n## 나\n\n글\n\n## 다\n\n글\n\n# 라\n\n글\n");
  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks[0].section, 0);
  EXPECT_EQ(chunks[2].section, 2);
  EXPECT_EQ(chunks[1].heading_path, (std::vector<std::string>{"가", "다"}));
}

TEST(MakeChunks, DoesNotLoseAHeadingThatNothingStandsUnder) {
  const auto chunks = chunks_of("# 가\n\n## 나\n\n## 다\n\n글\n");
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_EQ(chunks[0].text, "나");
  EXPECT_EQ(chunks[0].heading_path, (std::vector<std::string>{"나"}));
}

std::vector<PdfPage> pages_after_cover(TestPage cover) {
  std::vector<PdfPage> pages = {cover};
  // Each lower than the one before: what stands at the same place everywhere is a running head.
  for (const char* title : {"충전하기", "청소하기", "지도 보기", "문제 해결"}) {
    const auto number = static_cast<int>(pages.size()) + 1;
    TestPage page(number);
    const double top = 60.0 + 60.0 * number;
    page.line(72, top, title, 18, TestPage::kBold);
    page.line(72, top + 40, std::string(title) + " 전에 케이블을 제품의 단자에 연결하세요.");
    pages.push_back(page);
  }
  return pages;
}

TEST(MakeChunks, TellsACoverInOneChunkThatLeadsNoPath) {
  TestPage cover;
  cover.line(72, 100, "다온 전자", 14, TestPage::kBold).line(72, 200, "사용 설명서", 30);
  cover.line(72, 260, "로봇청소기", 18, TestPage::kBold).line(72, 400, "제2판", 10);
  const auto chunks = make_chunks(document_of(pages_after_cover(cover)));
  ASSERT_EQ(chunks.size(), 5u);
  EXPECT_EQ(chunks[0].text, "다온 전자\n사용 설명서\n로봇청소기\n제2판");
  EXPECT_TRUE(chunks[0].heading_path.empty());
  EXPECT_EQ(chunks[1].heading_path, (std::vector<std::string>{"충전하기"}));
}

TEST(MakeChunks, TakesAFirstPageOfSentencesForNoCover) {
  TestPage page;
  page.line(72, 60, "시작하기", 18, TestPage::kBold);
  page.line(72, 100, "전원 단추를 길게 누르면 켜집니다.");
  const auto chunks = make_chunks(document_of(pages_after_cover(page)));
  ASSERT_EQ(chunks.size(), 5u);
  EXPECT_EQ(chunks[0].heading_path, (std::vector<std::string>{"시작하기"}));
}

std::string procedure(int steps, const std::string& sentence) {
  std::string out;
  for (int i = 1; i <= steps; ++i) out += fmt::format("{}. {} {}번입니다.\n", i, sentence, i);
  return out;
}

const std::string kSentence = "설정에서 연결을 누르고 목록에서 쓰려는 기기를 고르세요.";

TEST(MakeChunks, BreaksBeforeAProcedureThatFitsWholeRatherThanInIt) {
  const std::string steps = procedure(8, kSentence);
  const std::size_t tokens = estimate_tokens(steps);
  const auto chunks =
      chunks_of(kSentence + " " + kSentence + "\n\n" + kSentence + " " + kSentence + "\n\n" + steps,
                tokens + 10);
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_TRUE(chunks[1].text.starts_with("1. "));
  EXPECT_EQ(chunks[1].segments.size(), 8u);
}

TEST(MakeChunks, LevelsTheSizesSoThatNoTinyRestRemains) {
  const std::string steps = procedure(9, kSentence);
  const auto chunks = chunks_of(steps, estimate_tokens(steps) * 9 / 10);
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_GE(chunks[0].segments.size(), 4u);
  EXPECT_GE(chunks[1].segments.size(), 4u);
}

TEST(MakeChunks, NeverPartsAStepFromItsWarning) {
  std::string steps;
  for (int i = 1; i <= 9; ++i) {
    steps += fmt::format("{}. {}\n\n   > **경고** {}\n\n", i, kSentence, kSentence);
  }
  const std::size_t unit = estimate_tokens(kSentence) * 2;
  for (const std::size_t budget : {unit * 3 / 4, unit, unit * 5 / 2, unit * 4}) {
    for (const Chunk& chunk : chunks_of(steps, budget)) {
      EXPECT_FALSE(chunk.text.starts_with("경고"));
      EXPECT_EQ(chunk.segments.size() % 2, 0u);
    }
  }
}

TEST(MakeChunks, RepeatsTheHeaderOfATableThatItContinues) {
  std::string table = "표: 규격\n\n| 항목 | 값 |\n|---|---|\n";
  for (int i = 0; i < 60; ++i) table += fmt::format("| 항목 {} | 값이 조금 긴 줄 {} |\n", i, i);
  const Document document = read_markdown(table);
  const auto chunks = make_chunks(document, {.max_tokens = 120});
  ASSERT_GT(chunks.size(), 3u);
  EXPECT_TRUE(chunks[0].text.starts_with("표: 규격\n항목 | 값\n"));
  for (std::size_t i = 1; i < chunks.size(); ++i) {
    EXPECT_TRUE(chunks[i].text.starts_with("항목 | 값\n항목 ")) << chunks[i].text;
    EXPECT_EQ(chunks[i].segments[0], document.blocks[1].span);
    EXPECT_LE(chunks[i].tokens, 120u);
  }
}

TEST(MakeChunks, KeepsATableThatFitsInOnePiece) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += kSentence + "\n\n";
  text +=
      "표: 색\n\n| 색 | 뜻 |\n|---|---|\n| 흰색 | 충전 중 |\n| 빨강 | 오류 |\n| 파랑 | 대기 |\n";
  for (std::size_t budget = 60; budget < 260; budget += 7) {
    int with_rows = 0;
    for (const Chunk& chunk : chunks_of(text, budget)) {
      with_rows += chunk.text.find("색 | 뜻") != std::string::npos;
    }
    EXPECT_EQ(with_rows, 1) << budget;
  }
}

TEST(MakeChunks, CutsALargeParagraphAtSentenceEnds) {
  std::string paragraph;
  for (int i = 0; i < 40; ++i)
    paragraph += fmt::format("설정에서 {}.{}번 항목을 누르면 화면이 바뀌고 소리가 납니다. ", i, i);
  const auto chunks = chunks_of(paragraph, 150);
  ASSERT_GT(chunks.size(), 5u);
  for (const Chunk& chunk : chunks) {
    EXPECT_TRUE(chunk.text.ends_with("납니다.")) << chunk.text;
    EXPECT_TRUE(chunk.text.starts_with("설정에서")) << chunk.text;
    EXPECT_LE(chunk.tokens, 150u);
  }
}

TEST(MakeChunks, CutsASentenceWithoutEndWhereItMust) {
  for (const std::string_view unit : {"가나다라 ", "가", "a", "1.", "😀"}) {
    std::string text;
    while (text.size() < 60'000) text += unit;
    for (const Chunk& chunk : chunks_of(text, 100)) {
      EXPECT_LE(chunk.tokens, 100u);
      EXPECT_TRUE(is_valid_utf8(chunk.text));
    }
  }
}

TEST(MakeChunks, DoesNotMultiplyAHugeHeaderOrHeading) {
  std::string header(200'000, 'x');
  std::string rows;
  for (int i = 0; i < 500; ++i)
    rows += "| 값 | 값이 조금 긴 줄 값이 조금 긴 줄 값이 조금 긴 줄 |\n";
  DocumentBuilder builder(DocumentKind::kText);
  builder.add(BlockKind::kHeading, header);
  const int table = builder.new_table();
  builder.add_row(BlockKind::kTableHeader, {header, "b"}, {.table = table});
  for (int i = 0; i < 2000; ++i)
    builder.add_row(BlockKind::kTableRow, {"값", "긴 값"}, {.table = table});
  std::size_t bytes = 0;
  for (const Chunk& chunk : make_chunks(std::move(builder).finish(), {.max_tokens = 100})) {
    bytes += chunk.text.size();
    for (const std::string& entry : chunk.heading_path) bytes += entry.size();
  }
  EXPECT_LT(bytes, 2'000'000u);
}

TEST(MakeChunks, ChangesTheHashOnlyWithPathOrText) {
  const auto base = chunks_of("# 가\n\n글\n\n# 나\n\n글\n");
  const auto longer = chunks_of("# 머리\n\n더\n\n# 가\n\n글\n\n# 나\n\n글 2\n");
  EXPECT_EQ(base[0].hash, longer[1].hash);  // Other offsets and section, same words.
  EXPECT_NE(base[0].hash, base[1].hash);    // Another path.
  EXPECT_NE(base[1].hash, longer[2].hash);  // Another text.
}

TEST(MakeChunks, TellsThePagesOfEachPartOfALargeBlock) {
  DocumentBuilder builder(DocumentKind::kPdf);
  std::string paragraph;
  for (int i = 0; i < 20; ++i) paragraph += kSentence + " ";
  builder.add(BlockKind::kParagraph, paragraph);
  Document document = std::move(builder).finish();
  Block& block = document.blocks[0];
  block.first_page = 3, block.last_page = 4;
  const std::size_t middle = document.text.find(' ', document.text.size() / 2);
  document.lines = {{{0, middle}, {.page = 3}}, {{middle + 1, block.span.end}, {.page = 4}}};
  const auto chunks = make_chunks(document, {.max_tokens = 100});
  EXPECT_EQ(chunks.front().first_page, 3);
  EXPECT_EQ(chunks.front().last_page, 3);
  EXPECT_EQ(chunks.back().first_page, 4);
  EXPECT_EQ(chunks.back().last_page, 4);
}

TEST(EstimateTokens, IsNearWhatGemmaTwoCounts) {
  // Counted with the tokenizer of Gemma 2.
  const std::pair<std::string_view, double> cases[] = {
      {"배터리를 충전하려면 함께 제공된 케이블을 충전 단자에 꽂으세요. 충전이 끝나면 표시등이 "
       "초록색으로 바뀝니다.",
       41},
      {"1. 설정 > 연결 > Wi-Fi를 누릅니다.\n2. 목록에서 연결할 네트워크를 고릅니다.\n"
       "경고: 공용 네트워크에서는 개인 정보를 입력하지 마세요.",
       50},
      {"To charge the battery, plug the supplied cable into the port. The light turns green when "
       "charging is complete.",
       22},
      {"항목 | 값 | 단위\n크기 | 72.5 | mm\n무게 | 187 | g\n배터리 | 4,500 | mAh", 41},
      {"Do not immerse the product in water. Doing so may cause an electric shock, a fire or "
       "damage "
       "to the device.",
       24}};
  for (const auto& [text, tokens] : cases) {
    EXPECT_NEAR(static_cast<double>(estimate_tokens(text)), tokens, tokens * 0.2) << text;
  }
  EXPECT_EQ(estimate_tokens(""), 0u);
}

// A random document of every kind of block, with nesting, tables and texts of all sizes.
Document random_document(std::mt19937& random) {
  const auto below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
  static const std::vector<std::string> kWords = {"충전", "기기를",  "누르세요.", "Wi-Fi",
                                                  "12.5", "화면에",  "끝입니다.", "(참고)",
                                                  "😀",    "battery?"};
  const auto words = [&](unsigned limit) {
    std::string text;
    for (int n = 1 + below(limit); n > 0; --n) text += kWords[random() % kWords.size()] + " ";
    return text;
  };
  DocumentBuilder builder(DocumentKind::kText);
  int item = -1;
  for (int n = 1 + below(60); n > 0; --n) {
    const unsigned size = below(8) == 0 ? 400 : 25;
    switch (below(9)) {
      case 0:
        builder.add(BlockKind::kHeading, words(5), {.level = 1 + below(4)});
        item = -1;
        break;
      case 1:
      case 2:
        builder.add(BlockKind::kParagraph, words(size), {.parent = below(3) == 0 ? item : -1});
        break;
      case 3:
      case 4: {
        const bool nested = item >= 0 && below(3) == 0;
        const int block =
            builder.add(below(2) == 0 ? BlockKind::kStep : BlockKind::kListItem, words(size),
                        {.level = nested ? 2 : 1, .marker = "1.", .parent = nested ? item : -1});
        if (!nested) item = block;
        break;
      }
      case 5:
        builder.add(BlockKind::kWarning, words(size),
                    {.marker = "경고", .parent = below(2) == 0 ? item : -1});
        break;
      case 6: {
        const BlockTraits traits{.parent = below(4) == 0 ? item : -1, .table = builder.new_table()};
        builder.add(BlockKind::kCaption, words(4), {.marker = "표", .parent = traits.parent});
        if (below(5) != 0) builder.add_row(BlockKind::kTableHeader, {words(3), words(3)}, traits);
        for (int rows = below(40); rows >= 0; --rows) {
          builder.add_row(BlockKind::kTableRow, {words(3), words(size / 4 + 1)}, traits);
        }
        break;
      }
      case 7:
        builder.add(BlockKind::kCode, words(size) + "\n  " + words(size));
        break;
      default:
        builder.add(BlockKind::kCaption, words(8));
    }
  }
  return std::move(builder).finish();
}

const Block& block_at(const Document& document, const ByteSpan& span) {
  const auto after = std::ranges::partition_point(
      document.blocks, [&](const Block& block) { return block.span.end <= span.begin; });
  return *after;
}

void expect_sound_chunks(const Document& document, const std::vector<Chunk>& chunks) {
  std::vector<bool> covered(document.text.size(), false);
  std::set<int> sections;
  int last_section = -1;
  for (const Chunk& chunk : chunks) {
    ASSERT_FALSE(chunk.segments.empty());
    ASSERT_FALSE(chunk.text.empty());
    EXPECT_TRUE(is_valid_utf8(chunk.text));
    EXPECT_GE(chunk.section, last_section);
    last_section = chunk.section;
    std::size_t at = 0;
    std::string rest = chunk.text;
    for (std::size_t i = 0; i < chunk.segments.size(); ++i) {
      const ByteSpan span = chunk.segments[i];
      ASSERT_LT(span.begin, span.end);
      ASSERT_LE(span.end, document.text.size());
      ASSERT_GE(span.begin, at) << "segments are in order and apart";
      ASSERT_EQ(floor_to_code_point(document.text, span.begin), span.begin);
      ASSERT_EQ(floor_to_code_point(document.text, span.end), span.end);
      at = span.end;
      for (std::size_t b = span.begin; b < span.end; ++b) covered[b] = true;
      const Block& block = block_at(document, span);
      ASSERT_GE(span.begin, block.span.begin);
      ASSERT_LE(span.end, block.span.end) << "a segment is of one block";
      if (block.kind == BlockKind::kHeading) {
        EXPECT_EQ(chunk.segments.size(), 1u);
      }
      // No heading lies between two segments, except that a header may stand further up.
      const std::size_t found = rest.find(document.text_of(span));
      ASSERT_NE(found, std::string::npos) << "the text shows the segment";
      rest.erase(0, found + span.size());
    }
    // Rows stand under their header.
    const Block& first = block_at(document, chunk.segments[0]);
    if (first.kind == BlockKind::kTableRow) {
      for (const Block& block : document.blocks) {
        EXPECT_FALSE(block.kind == BlockKind::kTableHeader && block.table == first.table);
      }
    }
  }
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    const Block& block = document.blocks[i];
    if (block.kind == BlockKind::kHeading) continue;
    for (std::size_t b = block.span.begin; b < block.span.end; ++b) {
      const char c = document.text[b];
      ASSERT_TRUE(covered[b] || c == ' ' || c == '\n') << "block " << i << " is in a chunk";
    }
  }
}

// Whether a heading lies between two offsets of the text.
bool heading_between(const Document& document, std::size_t begin, std::size_t end) {
  return std::ranges::any_of(document.blocks, [&](const Block& block) {
    return block.kind == BlockKind::kHeading && block.span.begin >= begin && block.span.end <= end;
  });
}

TEST(MakeChunks, KeepsItsPromisesOnRandomDocuments) {
  std::mt19937 random(20240501);
  for (int round = 0; round < 300; ++round) {
    const Document document = random_document(random);
    expect_sound(document);
    const ChunkOptions options{.max_tokens = 20 + random() % 400};
    const std::vector<Chunk> chunks = make_chunks(document, options);
    expect_sound_chunks(document, chunks);
    const std::vector<Chunk> again = make_chunks(document, options);
    ASSERT_EQ(chunks.size(), again.size());
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      EXPECT_EQ(chunks[i].hash, again[i].hash);
      EXPECT_EQ(chunks[i].segments, again[i].segments);
      EXPECT_EQ(chunks[i].tokens, estimate_tokens(chunks[i].text));
      EXPECT_FALSE(heading_between(document, chunks[i].segments.front().begin,
                                   chunks[i].segments.back().begin));
    }
    if (HasFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace saseo
