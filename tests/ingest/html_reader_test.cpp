#include <gtest/gtest.h>

#include "ingest/charset.h"
#include "ingest/text_readers.h"
#include "tests/ingest/block_dump.h"

namespace saseo {
namespace {

TEST(ReadHtml, GivesTheBlocksOfTheGoldenFile) {
  const Document document = read_html(read_test_file("html/device.html"));
  expect_sound(document);
  EXPECT_EQ(document.kind, DocumentKind::kHtml);
  EXPECT_EQ(dump_blocks(document), read_test_file("html/device.expected"));
}

TEST(ReadHtml, PrefersTheMainElementThenTheOnlyArticle) {
  EXPECT_EQ(read_html("<body><p>밖</p><main><p>안</p></main></body>").text, "안\n");
  EXPECT_EQ(read_html("<body><p>밖</p><div role=main><p>안</p></div></body>").text, "안\n");
  EXPECT_EQ(
      read_html("<body><p>밖</p><article><header><h1>머리</h1></header><p>안</p></article>").text,
      "머리\n안\n");
  EXPECT_EQ(read_html("<body><article>가</article><article>나</article></body>").text, "가\n나\n");
}

TEST(ReadHtml, ReadsTheFormThatWrapsAWholePage) {
  EXPECT_EQ(read_html("<body><form><h1>제목</h1><p>글</p><input></form></body>").text,
            "제목\n글\n");
}

TEST(ReadHtml, DecodesAPageInTheCharsetThatItNames) {
  const std::string page =
      "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=EUC-KR\">"
      "<title>\xC3\xE6\xC0\xFC</title></head><body><p>\xC3\xE6\xC0\xFC</p></body></html>";
  const Document document = read_html(page);
  EXPECT_EQ(document.text, "충전\n");
  EXPECT_EQ(document.info.title, "충전");
  EXPECT_TRUE(document.warnings.empty());
  EXPECT_EQ(read_html("<meta charset=windows-1252><p>caf\xE9").text, "café\n");
}

TEST(ReadHtml, BelievesTheBytesWhereAPageNamesTheWrongCharset) {
  EXPECT_EQ(read_html("<meta charset=euc-kr><p>충전").text, "충전\n");
}

TEST(ReadHtml, RepeatsACellThatSpansRows) {
  const Document document = read_html(
      "<table><tr><th>색<th>뜻<tr><td "
      "rowspan=3>흰색<td>가<tr><td>나<tr><td>다<tr><td>빨강<td>라</table>");
  ASSERT_EQ(document.blocks.size(), 5u);
  EXPECT_EQ(document.text_of(document.blocks[3].span), "흰색 | 다");
  EXPECT_EQ(document.text_of(document.blocks[4].span), "빨강 | 라");
}

TEST(ReadHtml, LoadsNothingAndExpandsNoForeignEntity) {
  const Document document = read_html(
      "<!DOCTYPE html [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><body><p>&x; 글</p></body>");
  EXPECT_EQ(document.text.find("root:"), std::string::npos);
  EXPECT_NE(document.text.find("글"), std::string::npos);
}

TEST(ReadHtml, SurvivesHostileNestingInLinearTime) {
  for (const std::string_view piece :
       {"<div>", "<b>", "<table><tr><td>", "<ul><li>x", "<form><div>", "<p>a", "<", "&amp",
        "<p><a><font>", "<figure>x<img alt=a>", "<div class=note>x", "<table><tr><td>a<td>b",
        "<dl><dt>a", "<blockquote>a", "<br>", "<!--", "<script>", "</p>", "<svg><p>"}) {
    expect_sound(read_html(repeat(piece, 50'000) + "a"));
  }
  expect_sound(read_html("<p " + repeat("a=b ", 100'000) + ">x"));
  expect_sound(read_html("<p class='" + repeat("note-", 100'000) + "'>x"));
  expect_sound(
      read_html("<table><tr>" + repeat("<td rowspan=60000 colspan=60000>x", 1000) + "</table>"));
}

TEST(ReadHtml, SurvivesNullsBadBytesAndNothing) {
  expect_sound(read_html(""));
  expect_sound(read_html(std::string(1000, '\0')));
  expect_sound(read_html("<p>\xFF\xFE\xFD 글</p>"));
  expect_sound(read_html("<p>" + repeat("가", 300'000)));
}

}  // namespace
}  // namespace saseo
