#include "ingest/layout_tables.h"

#include <gtest/gtest.h>

#include "tests/ingest/layout_test_page.h"

namespace saseo::layout {
namespace {

std::vector<std::string> rows_of(std::vector<PdfPage> pages) {
  std::vector<std::string> rows;
  const Document document = document_of(std::move(pages));
  for (const Block& block : document.blocks)
    if (block.table >= 0)
      rows.push_back(
          (block.kind == BlockKind::kTableHeader ? "H" + std::to_string(block.table) + " " : "") +
          std::string(document.text_of(block.span)));
  return rows;
}

using Rows = std::vector<std::string>;

TEST(LayoutTables, FindsAlignedCellsAndTheirHeader) {
  TestPage page;
  page.line(72, 60, "Sizes of the device in the box", 10);
  page.line(72, 100, "Part").line(200, 100, "Count").line(320, 100, "Remark");
  page.line(72, 118, "Cable").line(200, 118, "1").line(320, 118, "1 m");
  page.line(72, 136, "Case").line(200, 136, "2").line(320, 136, "clear");
  EXPECT_EQ(rows_of({page}),
            (Rows{"H0 Part | Count | Remark", "Cable | 1 | 1 m", "Case | 2 | clear"}));
}

TEST(LayoutTables, KeepsEmptyCells) {
  TestPage page;
  page.line(72, 100, "Part").line(200, 100, "Count").line(320, 100, "Remark");
  page.line(72, 118, "Cable").line(320, 118, "long");
  page.line(72, 136, "Case").line(200, 136, "2");
  EXPECT_EQ(rows_of({page}), (Rows{"H0 Part | Count | Remark", "Cable |  | long", "Case | 2 | "}));
}

TEST(LayoutTables, JoinsTheLinesOfWrappedCells) {
  TestPage page;
  page.line(72, 100, "메시지").line(180, 100, "조치");
  page.line(72, 122, "E-11").line(180, 122, "케이블을 빼고 그늘에서 십 분 동안");
  page.line(180, 134, "식히세요.");
  page.line(72, 156, "E-12").line(180, 156, "다시 시작합니다.");
  EXPECT_EQ(rows_of({page}),
            (Rows{"H0 메시지 | 조치", "E-11 | 케이블을 빼고 그늘에서 십 분 동안 식히세요.",
                  "E-12 | 다시 시작합니다."}));
}

TEST(LayoutTables, JoinsCellsThatAreCentredInTheirRow) {
  TestPage page;
  page.line(80, 100, "구분").line(150, 100, "변경 전").line(240, 100, "변경 후");
  page.line(70, 124, "피치클락").line(160, 124, "-");
  page.line(200, 118, "경기장 안의 타이머를 써서 경기").line(200, 130, "시간을 줄임");
  page.line(75, 158, "판독").line(160, 158, "-").line(200, 158, "요청할 수 있음");
  EXPECT_EQ(rows_of({page}), (Rows{"H0 구분 | 변경 전 | 변경 후",
                                   "피치클락 | - | 경기장 안의 타이머를 써서 경기 시간을 줄임",
                                   "판독 | - | 요청할 수 있음"}));
}

TEST(LayoutTables, GoesOnOverThePageAndDropsTheRepeatedHeader) {
  TestPage first(1), second(2);
  first.line(72, 700, "Code").line(200, 700, "Meaning");
  first.line(72, 720, "E-1").line(200, 720, "hot").line(72, 740, "E-2").line(200, 740, "cold");
  second.line(72, 100, "Code").line(200, 100, "Meaning");
  second.line(72, 120, "E-3").line(200, 120, "wet").line(72, 140, "E-4").line(200, 140, "dry");
  EXPECT_EQ(rows_of({first, second}),
            (Rows{"H0 Code | Meaning", "E-1 | hot", "E-2 | cold", "E-3 | wet", "E-4 | dry"}));
}

TEST(LayoutTables, KeepsTablesWithDifferentHeadersApart) {
  TestPage first(1), second(2);
  first.line(72, 700, "Code").line(200, 700, "Meaning");
  first.line(72, 720, "E-1").line(200, 720, "hot");
  second.line(72, 100, "Part").line(200, 100, "Place");
  second.line(72, 120, "Lamp").line(200, 120, "top");
  EXPECT_EQ(rows_of({first, second}),
            (Rows{"H0 Code | Meaning", "E-1 | hot", "H1 Part | Place", "Lamp | top"}));
}

TEST(LayoutTables, LeavesParagraphsAndStepsAlone) {
  TestPage page;
  page.lines(72, 100,
             {"A paragraph of some lines that has no cells at all and goes on and on and on",
              "over the whole width of the page so that nothing in it could be a column it"});
  page.line(72, 140, "1.").line(95, 140, "First step").line(72, 160, "2.").line(95, 160, "Second");
  EXPECT_TRUE(rows_of({page}).empty());
}

}  // namespace
}  // namespace saseo::layout
