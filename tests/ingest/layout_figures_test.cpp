#include "ingest/layout_figures.h"

#include <gtest/gtest.h>

#include "tests/ingest/layout_test_page.h"

namespace saseo::layout {
namespace {

using Blocks = std::vector<std::string>;

// A paragraph that tells the body's size, and that is no label.
TestPage page_with_text() {
  TestPage page;
  page.line(72, 60, "아래 그림에서 각 부분의 이름을 확인하고 설명서를 끝까지 읽으세요.");
  return page;
}

TEST(LayoutFigures, TellLabelsWithTheCaption) {
  TestPage page = page_with_text();
  page.line(120, 120, "전면 카메라").line(300, 150, "음량 단추").line(120, 180, "화면");
  page.line(72, 220, "그림 1. 앞면의 이름");
  page.line(72, 260, "전면 카메라는 어두운 곳에서도 얼굴을 알아봅니다.");
  EXPECT_EQ(sketch(document_of({page})),
            (Blocks{"paragraph 아래 그림에서 각 부분의 이름을 확인하고 설명서를 끝까지 읽으세요.",
                    "caption [그림 1] 앞면의 이름 | 전면 카메라 | 음량 단추 | 화면",
                    "paragraph 전면 카메라는 어두운 곳에서도 얼굴을 알아봅니다."}));
}

TEST(LayoutFigures, LeaveOutNumbersThatPointIntoThePicture) {
  TestPage page = page_with_text();
  page.line(120, 120, "3").line(300, 150, "1").line(120, 180, "0.5 m");
  page.line(72, 220, "그림: 둘레의 공간");
  EXPECT_EQ(sketch(document_of({page})).back(), "caption [그림] 둘레의 공간 | 0.5 m");
}

TEST(LayoutFigures, KeepTheirLabelsOnThePage) {
  TestPage page = page_with_text();
  page.line(120, 120, "전면 카메라");
  page.line(72, 150, "그림 1. 앞면의 이름");
  const Document document = document_of({page});
  bool found = false;
  for (const TextLine& line : document.lines) {
    if (document.text_of(line.span) != "전면 카메라") continue;
    found = true;
    EXPECT_EQ(line.box.y, 120);
  }
  EXPECT_TRUE(found);
}

TEST(LayoutFigures, LeaveSentencesTablesAndFarLinesAlone) {
  TestPage page = page_with_text();
  page.line(72, 100, "전원을 켜세요.");
  page.line(72, 130, "그림 1. 전원 단추");
  page.line(72, 180, "쪽의 위쪽에 있는 줄");
  page.line(72, 400, "그림 2. 아래쪽 단자");
  page.line(72, 440, "부품 목록");
  page.line(72, 470, "표 1. 부품의 수");
  const Blocks blocks = sketch(document_of({page}));
  for (const std::string& block : blocks) EXPECT_EQ(block.find(" | "), std::string::npos) << block;
}

}  // namespace
}  // namespace saseo::layout
