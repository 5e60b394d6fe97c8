#include "ingest/layout_grid.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "ingest/pdf_reader.h"
#include "tests/ingest/layout_test_page.h"
#include "tests/ingest/pdf_test_file.h"

namespace saseo::layout {
namespace {

using Rows = std::vector<std::string>;

Rows rows_of(const Document& document) {
  Rows rows;
  for (const Block& block : document.blocks)
    if (block.table >= 0)
      rows.push_back((block.kind == BlockKind::kTableHeader ? "H " : "") +
                     std::string(document.text_of(block.span)));
  return rows;
}

// Columns at 60, 160, 260 and 360, rows 20 high from 100 on; all borders but those named.
struct Gap {
  int row = 0, column = 0;  // No rule below this cell.
};
TestPage& grid(TestPage& page, int rows, const std::vector<Gap>& gaps) {
  for (int r = 0; r <= rows; ++r) {
    const float y = 100 + 20.0f * static_cast<float>(r);
    for (int c = 0; c < 3; ++c) {
      bool gap = false;
      for (const Gap& g : gaps) gap = gap || (g.row == r - 1 && g.column == c);
      const float x = 60 + 100.0f * static_cast<float>(c);
      if (!gap) page.rule(x, y, x + 100, y);
    }
  }
  for (const float x : {60.0f, 160.0f, 260.0f, 360.0f})
    page.rule(x, 100, x, 100 + 20.0f * static_cast<float>(rows));
  return page;
}

TEST(LayoutGrid, CarriesAMergedCellToEachRowThatItSpans) {
  TestPage page;
  grid(page, 4, {{1, 1}, {2, 1}, {1, 2}});
  page.line(65, 105, "월").line(165, 105, "토요일").line(265, 105, "일요일");
  page.line(65, 125, "삼월").line(265, 135, "14:00");
  page.line(65, 145, "사월").line(165, 145, "17:00");
  page.line(65, 165, "오월").line(265, 165, "18:00");
  EXPECT_EQ(rows_of(document_of({page})), (Rows{"H 월 | 토요일 | 일요일", "삼월 | 17:00 | 14:00",
                                                "사월 | 17:00 | 14:00", "오월 | 17:00 | 18:00"}));
}

TEST(LayoutGrid, CitesTheMergedCellWhereItStands) {
  TestPage page;
  grid(page, 3, {{1, 1}, {1, 2}});
  page.line(65, 105, "Part").line(165, 105, "Size").line(265, 105, "Note");
  page.line(65, 125, "left").line(165, 135, "large").line(265, 135, "red");
  page.line(65, 145, "right");
  const Document document = document_of({page});
  int boxes = 0;
  for (const TextLine& line : document.lines) {
    if (document.text_of(line.span) != "large") continue;
    ++boxes;
    EXPECT_EQ(line.box.x, 165);
    EXPECT_EQ(line.box.y, 135);
  }
  EXPECT_EQ(boxes, 2);
}

TEST(LayoutGrid, LeavesATitleOverTheWholeTableOutsideOfIt) {
  TestPage page;
  grid(page, 4, {{2, 0}});
  page = [&] {  // Without the rules between the cells of the first row.
    TestPage titled;
    PdfPage drawn = page;
    for (PdfRule& rule : drawn.rules) {
      if (!rule.horizontal() && rule.left > 60 && rule.left < 360) rule.top = 120;
      titled.rule(rule.left, rule.top, rule.right, rule.bottom);
    }
    return titled;
  }();
  page.line(165, 105, "Sizes of parts");
  page.line(65, 125, "Part").line(165, 125, "Size").line(265, 125, "Note");
  page.line(65, 155, "cable").line(165, 145, "short").line(265, 145, "red");
  page.line(165, 165, "long").line(265, 165, "blue");
  const Document document = document_of({page});
  EXPECT_EQ(rows_of(document),
            (Rows{"H Part | Size | Note", "cable | short | red", "cable | long | blue"}));
  EXPECT_NE(document.text.find("Sizes of parts"), std::string::npos);
}

TEST(LayoutGrid, LeavesDrawingsAlone) {
  TestPage page;
  grid(page, 4, {{0, 0}, {1, 0}, {2, 1}});
  page.line(65, 105, "left button").line(265, 105, "right button");
  EXPECT_TRUE(rows_of(document_of({page})).empty());
}

TEST(LayoutGrid, DoesNotReadTextThatCrossesTheCells) {
  TestPage page;
  grid(page, 3, {{1, 1}});
  page.line(65, 105, "a paragraph that runs over all of the rules");
  page.line(65, 125, "which are a drawing under the words of it");
  page.line(65, 145, "and no table in whatever way one looks");
  EXPECT_TRUE(rows_of(document_of({page})).empty());
}

class GridInAFile : public PdfFileTest {};

TEST_F(GridInAFile, IsReadFromStrokedAndFromFilledRules) {
  // Rows of 20 points down from 700; the rule between the last two rows leaves out column two.
  const auto number = [](float value) { return std::to_string(value) + " "; };
  const auto stroked = [&](float x0, float y0, float x1, float y1) {
    return number(x0) + number(y0) + "m " + number(x1) + number(y1) + "l S\n";
  };
  const auto filled = [&](float x0, float y0, float x1, float y1) {
    return number(x0) + number(y0) + number(x1 - x0 + 0.5f) + number(y1 - y0 + 0.5f) + "re f\n";
  };
  for (const bool fill : {false, true}) {
    const auto rule = [&](float x0, float y0, float x1, float y1) {
      return fill ? filled(x0, y0, x1, y1) : stroked(x0, y0, x1, y1);
    };
    std::string content = "0 g 0 G .5 w ";
    for (const float y : {700.0f, 680.0f, 640.0f}) content += rule(60, y, 360, y);
    content += rule(60, 660, 160, 660) + rule(260, 660, 360, 660);
    for (const float x : {60.0f, 160.0f, 260.0f, 360.0f}) content += rule(x, 640, x, 700);
    const auto word = [&](float x, float y, const std::string& text) {
      content += TinyPdf::text(x, y, 10, text);
    };
    word(65, 686, "Part"), word(165, 686, "Size"), word(265, 686, "Note");
    word(65, 666, "left"), word(265, 666, "red");
    word(165, 656, "large");
    word(65, 646, "right"), word(265, 646, "blue");
    ReadOptions options;
    options.pdf_helper = SASEO_PDF_HELPER;
    const Result<Document> document = read_pdf(write(TinyPdf().page(content).bytes()), options);
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(rows_of(*document),
              (Rows{"H Part | Size | Note", "left | large | red", "right | large | blue"}))
        << (fill ? "filled" : "stroked");
  }
}

}  // namespace
}  // namespace saseo::layout
