// saseo chat: by lines on standard input, and by keys on a terminal.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/cli/saseo_process.h"
#include "tests/cli/saseo_terminal.h"

namespace saseo::cli {
namespace {

class ChatTest : public ::testing::Test {
 protected:
  ChatTest() {
    place_.write("m/kettle.md", kKettle);
    place_.write("m/lamp.md", kLamp);
    EXPECT_EQ(place_.run({"ingest", (place_.folder() / "m").string()}).exit_code, 0);
    place_.environment["SASEO_LANG"] = "ko";
  }
  Workplace place_;
};

TEST_F(ChatTest, AnswersLinesOfStandardInputWithoutPrompts) {
  const Finished chat = place_.run({"chat"}, "물때 제거하는 방법\n/sources\n/quote 1\n/quit\nx\n");
  EXPECT_EQ(chat.exit_code, 0);
  EXPECT_NE(chat.out.find("구연산"), std::string::npos) << chat.out;
  EXPECT_NE(chat.out.find("출처"), std::string::npos) << chat.out;
  EXPECT_EQ(chat.out.find("질문>"), std::string::npos) << chat.out;
  EXPECT_EQ(chat.out.find('\x1b'), std::string::npos) << chat.out;
}

TEST_F(ChatTest, AFilterHoldsUntilItIsCleared) {
  const Finished chat = place_.run(
      {"chat"}, "/product 다온램프 L2\n보증 기간은 얼마나 되나요?\n/filter clear\n/filter\n");
  EXPECT_NE(chat.out.find("1년"), std::string::npos) << chat.out;
  EXPECT_EQ(chat.out.find("2년"), std::string::npos) << chat.out;
  EXPECT_NE(chat.out.find("필터 없음"), std::string::npos) << chat.out;
}

TEST_F(ChatTest, TellsWhatACommandCannotDo) {
  const Finished chat = place_.run({"chat"},
                                   "/sources\n/quote 3\n/nothing\n/model gemma\n/product 없음\n"
                                   "/filter pages=x\n/save\n/page\n/model\n");
  EXPECT_EQ(chat.exit_code, 0);
  for (const char* word : {"/nothing", "gemma", "없음", "\"x\"", "/save"})
    EXPECT_NE(chat.err.find(word), std::string::npos) << word << "\n" << chat.err;
  EXPECT_NE(chat.out.find("모델: extractive"), std::string::npos) << chat.out;
}

TEST_F(ChatTest, SavesTheConversationAsMarkdown) {
  const std::filesystem::path file = place_.folder() / "talk.md";
  place_.run({"chat"}, "물때 제거하는 방법\n/save " + file.string() + "\n");
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_NE(text.str().find("## 물때 제거하는 방법"), std::string::npos) << text.str();
  EXPECT_NE(text.str().find("구연산"), std::string::npos);
  EXPECT_NE(text.str().find("- [1] 다온포트 K1 사용 설명서, 물 끓이기 > 물때 제거"),
            std::string::npos)
      << text.str();
}

TEST_F(ChatTest, KoreanIsEditedByWholeSyllables) {
  Terminal terminal(place_, {"chat"});
  ASSERT_TRUE(terminal.shows("질문> "));
  terminal.type("물때 젝");
  terminal.type("\x7f");  // Backspace takes one syllable.
  terminal.type("제거하는 방법\r");
  EXPECT_TRUE(terminal.shows("구연산")) << terminal.screen();
  EXPECT_TRUE(terminal.shows("출처")) << terminal.screen();
  ASSERT_TRUE(terminal.shows("질문> "));
  terminal.type("/save " + (place_.folder() / "t.md").string() + "\r");
  EXPECT_TRUE(terminal.shows("저장"));
  ASSERT_TRUE(terminal.shows("질문> "));
  terminal.type("\x04");
  EXPECT_EQ(terminal.exit_code(), 0);
  std::ifstream stream(place_.folder() / "t.md");
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_NE(text.str().find("## 물때 제거하는 방법\n"), std::string::npos) << text.str();
}

TEST_F(ChatTest, CtrlCDropsTheLineOrTheAnswerAndNeverTheShell) {
  Terminal terminal(place_, {"chat"});
  ASSERT_TRUE(terminal.shows("질문> "));
  terminal.type("지울 글");
  terminal.type("\x03");
  ASSERT_TRUE(terminal.shows("^C"));
  ASSERT_TRUE(terminal.shows("질문> "));
  terminal.type("물때 제거하는 방법\r");
  terminal.type("\x03");  // While it answers, or just after.
  ASSERT_TRUE(terminal.shows("질문> ")) << terminal.screen();
  terminal.type("/model\r");
  EXPECT_TRUE(terminal.shows("모델: extractive")) << terminal.screen();
  terminal.type("/quit\r");
  EXPECT_EQ(terminal.exit_code(), 0);
}

TEST_F(ChatTest, RemembersLinesInAFileThatOnlyItsOwnerReads) {
  {
    Terminal terminal(place_, {"chat"});
    ASSERT_TRUE(terminal.shows("질문> "));
    terminal.type("/model\r");
    ASSERT_TRUE(terminal.shows("모델: extractive"));
    ASSERT_TRUE(terminal.shows("질문> "));
    terminal.type("\x04");
    EXPECT_EQ(terminal.exit_code(), 0);
  }
  const std::filesystem::path history = place_.folder() / ".local/state/saseo/history";
  ASSERT_TRUE(std::filesystem::exists(history));
  EXPECT_EQ(std::filesystem::status(history).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  Terminal terminal(place_, {"chat"});
  ASSERT_TRUE(terminal.shows("질문> "));
  terminal.type("\x1b[A\r");  // Up: the line from before.
  EXPECT_TRUE(terminal.shows("모델: extractive")) << terminal.screen();
}

}  // namespace
}  // namespace saseo::cli
