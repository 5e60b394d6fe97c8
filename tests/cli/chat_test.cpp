// saseo chat: by lines on standard input, and by keys on a terminal.
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/cli/saseo_process.h"

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

// The program on a pseudo-terminal.
class Terminal {
 public:
  explicit Terminal(const Workplace& place) {
    const winsize size{30, 100, 0, 0};
    child_ = ::forkpty(&fd_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    ::clearenv();
    for (const auto& [name, value] : place.environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execl(SASEO_PROGRAM, SASEO_PROGRAM, "chat", nullptr);
    ::_exit(127);
  }
  ~Terminal() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& keys) {
    ASSERT_EQ(::write(fd_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  // True when the screen shows the text, after what was seen before, within a minute.
  bool shows(const std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < deadline) {
      if (const std::size_t at = screen_.find(text, seen_); at != std::string::npos) {
        seen_ = at + text.size();
        return true;
      }
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      char bytes[4096];
      const ssize_t got = ::read(fd_, bytes, sizeof bytes);
      if (got <= 0) break;
      screen_.append(bytes, static_cast<std::size_t>(got));
    }
    return false;
  }
  // Within a minute; -1 when it goes on.
  int exit_code() {
    int status = 0;
    for (int tries = 0; tries < 600; ++tries) {
      if (::waitpid(child_, &status, WNOHANG) == child_) {
        child_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      // Reads what is left, so that the program can end.
      pollfd waiting{fd_, POLLIN, 0};
      char bytes[4096];
      if (::poll(&waiting, 1, 100) <= 0 || ::read(fd_, bytes, sizeof bytes) <= 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return -1;
  }
  const std::string& screen() const { return screen_; }

 private:
  int fd_ = -1;
  pid_t child_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;
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
  Terminal terminal(place_);
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
  Terminal terminal(place_);
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
    Terminal terminal(place_);
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
  Terminal terminal(place_);
  ASSERT_TRUE(terminal.shows("질문> "));
  terminal.type("\x1b[A\r");  // Up: the line from before.
  EXPECT_TRUE(terminal.shows("모델: extractive")) << terminal.screen();
}

}  // namespace
}  // namespace saseo::cli
