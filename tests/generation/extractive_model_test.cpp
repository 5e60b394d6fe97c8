#include "generation/extractive_model.h"

#include "base/utf8.h"
#include "generation/rendering.h"
#include "tests/generation/made_library.h"

namespace saseo {
namespace {

class ExtractiveModelTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    library_ =
        std::make_unique<MadeLibrary>(std::vector<MadeLibrary::Manual>{{"phone.md", kPhoneManual}});
  }
  static void TearDownTestSuite() { library_.reset(); }
  void SetUp() override { ASSERT_TRUE(library_->made()); }

  static std::unique_ptr<MadeLibrary> library_;
};
std::unique_ptr<MadeLibrary> ExtractiveModelTest::library_;

TEST_F(ExtractiveModelTest, GivesAProcedureWholeWithItsWarningAndLead) {
  Asker asker = library_->asker();
  const Answer answer = ask(asker, "무선 충전하는 방법");
  EXPECT_TRUE(answer.found);
  EXPECT_TRUE(
      answer.text.starts_with("아래 순서로 충전하세요. [1]\n"
                              "1. 무선 충전기의 전원을 연결하세요. [1]\n"
                              "2. 휴대전화의 뒷면 가운데를 충전기에 올리세요. [1]\n"
                              "   경고: 충전기 위에 동전을 두지 마세요. 뜨거워집니다. [1]\n"
                              "3. 진동이 울리면 충전이 시작됩니다. 표시등을 확인하세요. [1]\n"))
      << answer.text;
}

TEST_F(ExtractiveModelTest, GivesTheTableRowWithTheNamesOfItsColumns) {
  Asker asker = library_->asker();
  const Answer answer = ask(asker, "25와트로 충전하면 얼마나 걸려요?");
  EXPECT_TRUE(
      answer.text.starts_with("종류: 고속 충전 | 최대 출력: 25 W | 걸리는 시간: 92분 [1]\n"))
      << answer.text;
  EXPECT_EQ(answer.text.find("68분"), std::string::npos) << answer.text;
}

TEST_F(ExtractiveModelTest, NamesTheValueOfATableOfTwoColumns) {
  Asker asker = library_->asker();
  EXPECT_TRUE(ask(asker, "무게가 얼마나 나가요?").text.starts_with("무게: 189 g [1]\n"));
}

TEST_F(ExtractiveModelTest, FindsACodeExactly) {
  Asker asker = library_->asker();
  const Answer answer = ask(asker, "E-33이 무슨 뜻이에요?");
  EXPECT_TRUE(answer.text.starts_with("코드: E-33 | 뜻: 배터리가 부풀었음 | 조치: 센터 방문 [1]\n"))
      << answer.text;
  EXPECT_EQ(answer.text.find("E-21"), std::string::npos);
}

TEST_F(ExtractiveModelTest, QuotesTheDecidingSentenceOnly) {
  Asker asker = library_->asker();
  const Answer answer = ask(asker, "지문은 몇 개까지 등록돼요?");
  EXPECT_EQ(answer.text, "지문은 최대 4개까지 등록할 수 있습니다. [1]\n");
}

TEST_F(ExtractiveModelTest, EveryCitationIsTheDocumentsOwnText) {
  Asker asker = library_->asker();
  for (const char* question : {"무선 충전하는 방법", "초고속 충전은 몇 W예요?",
                               "바다에서 써도 돼요?", "지문은 몇 개까지 돼요?", "E-21 코드"}) {
    const Answer answer = ask(asker, question);
    ASSERT_FALSE(answer.citations.empty()) << question;
    for (const Citation& citation : answer.citations) {
      const Library& library = asker.searcher().library();
      const std::string text = library.document_text(citation.document).value();
      EXPECT_EQ(text.substr(citation.span.begin, citation.span.size()), citation.text);
      const std::string shown =
          answer.text.substr(citation.answer_span.begin, citation.answer_span.size());
      const std::string mark = " [" + std::to_string(citation.number) + "]";
      EXPECT_EQ(answer.text.substr(citation.answer_span.end, mark.size()), mark);
      if (citation.text.find(" | ") == std::string::npos) {
        EXPECT_EQ(shown, citation.text);
      } else {  // A row: its cells in order, the columns' names between them.
        std::size_t at = 0;
        for (std::size_t begin = 0; begin < citation.text.size();) {
          const std::size_t end = std::min(citation.text.find(" | ", begin), citation.text.size());
          at = shown.find(citation.text.substr(begin, end - begin), at);
          ASSERT_NE(at, std::string::npos) << shown;
          begin = end + 3;
        }
      }
    }
  }
}

TEST_F(ExtractiveModelTest, StreamsWhatItReturns) {
  Asker asker = library_->asker();
  std::string streamed;
  std::size_t pieces = 0;
  const Result<Answer> answer =
      asker.answer({.text = "무선 충전하는 방법"}, [&](std::string_view piece) {
        EXPECT_TRUE(is_valid_utf8(piece));
        streamed += piece;
        ++pieces;
      });
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(streamed, answer->text);
  EXPECT_GE(pieces, 5u);
}

TEST_F(ExtractiveModelTest, StopsBetweenSentences) {
  Asker asker = library_->asker();
  std::stop_source stop;
  std::string streamed;
  const Result<Answer> answer = asker.answer(
      {.text = "무선 충전하는 방법"},
      [&](std::string_view piece) {
        streamed += piece;
        stop.request_stop();
      },
      stop.get_token());
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->text, "아래 순서로 충전하세요. [1]\n");
  EXPECT_EQ(streamed, answer->text);
  EXPECT_EQ(answer->citations.size(), 1u);
}

TEST_F(ExtractiveModelTest, SaysTheSameTwice) {
  Asker asker = library_->asker();
  const std::string first = ask(asker, "방수가 되나요?").text;
  asker.reset();
  EXPECT_EQ(ask(asker, "방수가 되나요?").text, first);
}

TEST(Printable, LeavesOutWhatSteersATerminal) {
  EXPECT_EQ(printable("가\x1B[31m나\x07\x7F"), "가[31m나");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "b"),
            "ab");  // C1: control sequence introducer.
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b"),
            "ab");  // Right-to-left override.
  EXPECT_EQ(printable("a\tb\nc"), "a b c");
}

TEST(RenderRow, FallsBackToTheRowWhenTheHeaderDoesNotFit) {
  EXPECT_EQ(render_row("a | b | c", "x | y | z"), "x: a | y: b | z: c");
  EXPECT_EQ(render_row("a | b", "x | y"), "a: b");
  EXPECT_EQ(render_row("a | b | c", "x | y"), "a | b | c");
  EXPECT_EQ(render_row("a | b", ""), "a | b");
}

TEST(ExtractiveModel, KeepsEscapesOfADocumentFromTheTerminal) {
  const MadeLibrary::Manual manual{
      "evil.md", "# 전원\n\n## 전원 켜기\n\n전원 버튼을 \x1B]0;x\x07 3초 동안 누르세요.\n"};
  const MadeLibrary library(std::vector{manual});
  ASSERT_TRUE(library.made());
  Asker asker = library.asker();
  const Answer answer = ask(asker, "전원 버튼을 몇 초 누르나요?");
  EXPECT_TRUE(answer.found);
  EXPECT_EQ(answer.text.find('\x1B'), std::string::npos);
  EXPECT_EQ(answer.text.find('\x07'), std::string::npos);
}

}  // namespace
}  // namespace saseo
