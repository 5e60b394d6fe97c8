#include "ingest/block_pipe.h"

#include <gtest/gtest.h>

#include <limits>

namespace saseo {
namespace {

PdfPage a_page(int number) {
  PdfPage page;
  page.number = number;
  page.label = "iv";
  page.width = 595;
  page.height = 842;
  page.fonts = {"ABCDEF+NanumGothic-Bold", "Courier"};
  PdfWord word;
  word.text = "배터리를";
  word.x = 72.5f;
  word.y = 100;
  word.width = 40;
  word.height = 12;
  word.font_size = 10.5f;
  word.font = 1;
  word.space_after = true;
  word.rotation = 3;
  page.words = {word, word};
  page.words[1].text = "충전";
  page.words[1].hidden = true;
  page.words[1].space_after = false;
  page.rules = {{72, 90, 300, 90}, {72, 90, 72, 400}};
  return page;
}

PdfHeader a_header() {
  PdfHeader header;
  header.claimed_pages = 7;
  header.encrypted = true;
  header.title = "설명서";
  header.author = "다온";
  header.subject = "X1";
  header.keywords = "a, b";
  header.outline = {{1, "시작"}, {2, "충전"}};
  return header;
}

std::string whole_stream() {
  PdfPage unreadable;
  unreadable.number = 3;
  unreadable.unreadable = true;
  return encode_pipe_start() + encode(a_header()) + encode(a_page(1)) + encode(unreadable) +
         encode(PipeEnd{});
}

// All records of the bytes, or an empty list after an error.
struct Decoded {
  std::vector<PipeRecord> records;
  bool failed = false, ended = false;
};
Decoded decode(std::string_view bytes, std::size_t piece = std::string_view::npos) {
  PipeDecoder decoder;
  Decoded out;
  while (!bytes.empty() && !out.failed) {
    decoder.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      PipeRecord record;
      auto next = decoder.next(record);
      out.failed = !next.ok();
      if (out.failed || !*next) break;
      out.records.push_back(std::move(record));
    }
  }
  out.ended = decoder.ended();
  return out;
}

std::string number(std::uint32_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

TEST(BlockPipe, GivesBackWhatWasWritten) {
  const Decoded decoded = decode(whole_stream());
  ASSERT_FALSE(decoded.failed);
  ASSERT_EQ(decoded.records.size(), 4u);
  EXPECT_TRUE(decoded.ended);

  const auto& header = std::get<PdfHeader>(decoded.records[0]);
  EXPECT_EQ(header.claimed_pages, 7u);
  EXPECT_TRUE(header.encrypted);
  EXPECT_EQ(header.title, "설명서");
  EXPECT_EQ(header.keywords, "a, b");
  ASSERT_EQ(header.outline.size(), 2u);
  EXPECT_EQ(header.outline[1].level, 2);
  EXPECT_EQ(header.outline[1].title, "충전");

  const auto& page = std::get<PdfPage>(decoded.records[1]);
  EXPECT_EQ(page.number, 1);
  EXPECT_EQ(page.label, "iv");
  EXPECT_EQ(page.fonts[1], "Courier");
  ASSERT_EQ(page.words.size(), 2u);
  EXPECT_EQ(page.words[0].text, "배터리를");
  EXPECT_EQ(page.words[0].x, 72.5f);
  EXPECT_EQ(page.words[0].font_size, 10.5f);
  EXPECT_EQ(page.words[0].font, 1);
  EXPECT_EQ(page.words[0].rotation, 3);
  EXPECT_TRUE(page.words[0].space_after);
  EXPECT_FALSE(page.words[0].hidden);
  EXPECT_TRUE(page.words[1].hidden);
  ASSERT_EQ(page.rules.size(), 2u);
  EXPECT_TRUE(page.rules[0].horizontal());
  EXPECT_FALSE(page.rules[1].horizontal());
  EXPECT_EQ(page.rules[1].bottom, 400);
  EXPECT_TRUE(std::get<PdfPage>(decoded.records[2]).unreadable);
}

TEST(BlockPipe, GivesBackImagesAndFailures) {
  PipeImage image{2, 1, 1.5f, {1, 2, 3, 4, 5, 6}};
  const Decoded decoded = decode(encode_pipe_start() + encode(image) +
                                 encode(PipeError{PipeFailure::kWrongPassword, "detail"}));
  ASSERT_EQ(decoded.records.size(), 2u);
  EXPECT_EQ(std::get<PipeImage>(decoded.records[0]).rgb, image.rgb);
  EXPECT_EQ(std::get<PipeError>(decoded.records[1]).failure, PipeFailure::kWrongPassword);
}

TEST(BlockPipe, DoesNotCareHowTheBytesArePieced) {
  for (const std::size_t piece : {1u, 2u, 7u, 64u}) {
    const Decoded decoded = decode(whole_stream(), piece);
    EXPECT_FALSE(decoded.failed);
    EXPECT_EQ(decoded.records.size(), 4u) << piece;
  }
}

TEST(BlockPipe, WaitsForTheRestOfACutRecord) {
  const std::string bytes = whole_stream();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Decoded decoded = decode(std::string_view(bytes).substr(0, length));
    EXPECT_FALSE(decoded.failed) << length;
    EXPECT_FALSE(decoded.ended) << length;
  }
}

TEST(BlockPipe, RefusesOtherStreams) {
  EXPECT_TRUE(decode("%PDF-1.7").failed);
  EXPECT_TRUE(decode("SASEOPDF" + number(kPipeVersion + 1)).failed);
  EXPECT_TRUE(decode(encode_pipe_start() + "Z" + number(0)).failed);
}

TEST(BlockPipe, RefusesLengthsBeyondTheLimitsBeforeTheyAreThere) {
  for (const char type : {'H', 'P', 'I', 'X', 'E'})
    EXPECT_TRUE(decode(encode_pipe_start() + type + number(0xFFFFFFFF)).failed) << type;
}

TEST(BlockPipe, RefusesCountsThatThePayloadCannotHold) {
  std::string page = encode(a_page(1));
  PdfPage empty;
  empty.number = 1;
  const std::string bare = encode(empty);
  // The last fields of a page without words and rules are their counts.
  const std::string front = bare.substr(0, bare.size() - 8);
  ASSERT_FALSE(
      decode(encode_pipe_start() + encode(PdfHeader{}) + front + number(0) + number(0)).failed);
  for (const std::string& lie :
       {number(kMaxWordsPerPage) + number(0), number(0) + number(kMaxRulesPerPage),
        number(0) + number(kMaxRulesPerPage + 1)})
    EXPECT_TRUE(decode(encode_pipe_start() + encode(PdfHeader{}) + front + lie).failed);
  page[1] = static_cast<char>(page[1] - 1);  // A length that ends within the last rule.
  EXPECT_TRUE(decode(encode_pipe_start() + encode(PdfHeader{}) + page).failed);
}

TEST(BlockPipe, RefusesRulesThatRunBackwardsAndLeavesOutTooMany) {
  PdfPage page = a_page(1);
  page.rules = {{300, 90, 72, 90}};
  EXPECT_TRUE(decode(encode_pipe_start() + encode(PdfHeader{}) + encode(page)).failed);
  page.rules.assign(kMaxRulesPerPage + 1, {72, 90, 300, 90});
  const Decoded decoded = decode(encode_pipe_start() + encode(PdfHeader{}) + encode(page));
  ASSERT_EQ(decoded.records.size(), 2u);
  EXPECT_TRUE(std::get<PdfPage>(decoded.records[1]).rules.empty());
}

TEST(BlockPipe, RefusesPagesThatDoNotRiseAndRecordsAfterTheEnd) {
  const std::string start = encode_pipe_start() + encode(a_header());
  EXPECT_TRUE(decode(start + encode(a_page(2)) + encode(a_page(2))).failed);
  EXPECT_TRUE(decode(start + encode(PipeEnd{}) + encode(a_page(1))).failed);
  EXPECT_TRUE(decode(encode_pipe_start() + encode(a_page(1))).failed);  // No header.
  EXPECT_TRUE(decode(start + encode(a_header())).failed);
}

TEST(BlockPipe, ReadsClaimsOfPagesWithoutBelievingThem) {
  PdfHeader header;
  header.claimed_pages = 2'000'000'000;
  const Decoded decoded = decode(encode_pipe_start() + encode(header));
  ASSERT_EQ(decoded.records.size(), 1u);
  EXPECT_EQ(std::get<PdfHeader>(decoded.records[0]).claimed_pages, 2'000'000'000u);
}

TEST(BlockPipe, KeepsCoordinatesFiniteAndTextValid) {
  PdfPage page = a_page(1);
  page.words[0].x = std::numeric_limits<float>::infinity();
  page.words[0].y = std::numeric_limits<float>::quiet_NaN();
  page.words[0].text =
      "a\xFF"
      "b";
  const Decoded decoded = decode(encode_pipe_start() + encode(PdfHeader{}) + encode(page));
  ASSERT_EQ(decoded.records.size(), 2u);
  const PdfWord& word = std::get<PdfPage>(decoded.records[1]).words[0];
  EXPECT_EQ(word.x, 0);
  EXPECT_EQ(word.y, 0);
  EXPECT_EQ(word.text,
            "a\xEF\xBF\xBD"
            "b");
}

TEST(BlockPipe, SurvivesEveryCorruptByte) {
  const std::string bytes = whole_stream();
  std::size_t failures = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xFF}) {
      std::string corrupt = bytes;
      corrupt[at] = static_cast<char>(corrupt[at] ^ change);
      failures += decode(corrupt).failed;
    }
  }
  EXPECT_GT(failures, bytes.size() / 4);
}

TEST(BlockPipe, CutsWhatIsBeyondTheLimitsSoThatItCanBeRead) {
  PdfPage page;
  page.number = 1;
  page.words.assign(kMaxWordsPerPage + 10, PdfWord{});
  const Decoded decoded = decode(encode_pipe_start() + encode(PdfHeader{}) + encode(page));
  ASSERT_EQ(decoded.records.size(), 2u);
  EXPECT_TRUE(std::get<PdfPage>(decoded.records[1]).cut);
  EXPECT_EQ(std::get<PdfPage>(decoded.records[1]).words.size(), kMaxWordsPerPage);
}

}  // namespace
}  // namespace saseo
