#include "cli/terminal/terminal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace saseo::cli {
namespace {

// What a wrapper writes for pieces of an answer.
std::string streamed(const std::vector<std::string>& pieces, std::size_t width) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  {
    Writer out(ends[1]);
    StreamWrapper wrapper(out, width);
    for (const std::string& piece : pieces) wrapper.write(piece);
    wrapper.finish();
  }
  ::close(ends[1]);
  std::string text(4096, '\0');
  text.resize(
      static_cast<std::size_t>(std::max<ssize_t>(0, ::read(ends[0], text.data(), text.size()))));
  ::close(ends[0]);
  return text;
}

TEST(DisplayWidth, CountsTwoColumnsForKoreanAndNoneForMarks) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("무선 충전"), 9u);
  EXPECT_EQ(display_width("e\xCC\x81"), 1u);  // e and a combining accent
  EXPECT_EQ(display_width("，"), 2u);
  EXPECT_EQ(display_width("…"), 1u);
}

TEST(WrapText, BreaksKoreanAtSpacesWithinTheColumns) {
  EXPECT_EQ(wrap_text("무선 충전 하는 방법", 9), "무선 충전\n하는 방법");
  EXPECT_EQ(wrap_text("무선 충전 하는 방법", 11, 2), "무선 충전\n  하는 방법");
}

TEST(WrapText, BreaksAWordThatIsWiderThanALineWithoutSplittingACharacter) {
  EXPECT_EQ(wrap_text("가나다라마바사", 9), "가나다라\n마바사");
}

TEST(WrapText, KeepsLineEndsAndIndentsWithoutAWidth) {
  EXPECT_EQ(wrap_text("a\nb", 0, 2), "a\n  b");
}

TEST(Clip, CutsAtTheColumnAndSaysSo) {
  EXPECT_EQ(clip("무선 충전", 9), "무선 충전");
  EXPECT_EQ(clip("무선 충전", 8), "무선 충…");
  EXPECT_EQ(clip("첫 줄\n둘째", 20), "첫 줄…");
}

TEST(StreamWrapper, GivesTheSameLinesHoweverTheTextIsCut) {
  const std::string whole = streamed({"무선 충전 하는 방법\n끝 [1]"}, 9);
  EXPECT_EQ(whole, "무선 충전\n하는 방법\n끝 [1]");
  EXPECT_EQ(streamed({"무", "선 충", "전 하는", " 방", "법\n끝", " [1]"}, 9), whole);
}

TEST(StreamWrapper, LeavesTheTextAloneWhenThereIsNoTerminal) {
  EXPECT_EQ(streamed({"a  b", "  c\n"}, 0), "a  b  c\n");
}

TEST(WithoutControls, TakesEscapeSequencesOutOfADocumentsText) {
  EXPECT_EQ(without_controls("a\x1b[2Jb\a\n"), "a\xEF\xBF\xBD[2Jb\xEF\xBF\xBD\n");
  EXPECT_EQ(without_controls("\xC2\x9B"
                             "2J"),
            "\xEF\xBF\xBD"
            "2J");  // CSI as one character
  EXPECT_EQ(without_controls("무선\t충전"), "무선\t충전");
}

TEST(Console, UsesNoColoursWhenNoColorIsSetUnlessTold) {
  ::setenv("NO_COLOR", "1", 1);
  Console console;
  set_up_console(console, ColourChoice::kAuto);
  EXPECT_EQ(console.out_style(Style::kBold, "x"), "x");
  set_up_console(console, ColourChoice::kAlways);
  EXPECT_EQ(console.out_style(Style::kBold, "x"), "\x1b[1mx\x1b[0m");
  ::unsetenv("NO_COLOR");
}

}  // namespace
}  // namespace saseo::cli
