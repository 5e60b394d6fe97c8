#include "generation/sentence_checker.h"

#include <algorithm>

#include "tests/generation/made_library.h"

namespace saseo {
namespace {

// The passages that questions of the made manual find, and what the checker says to sentences.
class SentenceCheckerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    library_ =
        std::make_unique<MadeLibrary>(std::vector<MadeLibrary::Manual>{{"phone.md", kPhoneManual}});
  }
  static void TearDownTestSuite() { library_.reset(); }
  void SetUp() override {
    ASSERT_TRUE(library_->made());
    asker_.emplace(library_->asker());
    context_ = ask(*asker_, "무선 충전하는 방법").context;
    ASSERT_GE(context_.passages.size(), 2u);
    Result<SentenceChecker> checker = SentenceChecker::over(
        context_.passages, asker_->searcher().library(), asker_->searcher().analyzer(), weights_);
    ASSERT_TRUE(checker.ok());
    checker_.emplace(std::move(checker).value());
  }
  int number_of(const std::string& heading) const {
    for (const Passage& passage : context_.passages) {
      if (passage.heading_path.back() == heading) return passage.number;
    }
    ADD_FAILURE() << "no passage " << heading;
    return 0;
  }
  SentenceVerdict check(std::string_view sentence, std::vector<int> cited = {}) const {
    return checker_->check(sentence, cited);
  }
  std::string text_of(const SupportSpan& span) const {
    const Result<std::string> text = asker_->searcher().library().document_text(span.document);
    return text.ok() ? text->substr(span.span.begin, span.span.size()) : "";
  }

  static std::unique_ptr<MadeLibrary> library_;
  mutable std::optional<Asker> asker_;
  TermWeights weights_;
  Context context_;
  std::optional<SentenceChecker> checker_;
};
std::unique_ptr<MadeLibrary> SentenceCheckerTest::library_;

TEST_F(SentenceCheckerTest, TakesACitationThatHoldsAndGivesTheManualsSentence) {
  const int wireless = number_of("무선 충전하기");
  const SentenceVerdict verdict =
      check("휴대전화 뒷면의 가운데를 충전기에 올려 놓으세요.", {wireless});
  EXPECT_EQ(verdict.basis, CitationBasis::kCited);
  ASSERT_EQ(verdict.spans.size(), 1u);
  EXPECT_EQ(verdict.spans[0].number, wireless);
  EXPECT_EQ(text_of(verdict.spans[0]), "휴대전화의 뒷면 가운데를 충전기에 올리세요.");
  EXPECT_TRUE(verdict.unverified.empty());
}

TEST_F(SentenceCheckerTest, FindsThePassageThatTheModelDidNotCite) {
  const SentenceVerdict verdict = check("무선 충전에는 2시간 30분이 걸립니다.");
  EXPECT_EQ(verdict.basis, CitationBasis::kFound);
  ASSERT_FALSE(verdict.spans.empty());
  EXPECT_EQ(verdict.spans[0].number, number_of("무선 충전하기"));
}

TEST_F(SentenceCheckerTest, CorrectsAWrongCitation) {
  const SentenceVerdict verdict =
      check("충전기 위에 동전을 두지 마세요.", {number_of("유선 충전 속도")});
  EXPECT_EQ(verdict.basis, CitationBasis::kCorrected);
  ASSERT_FALSE(verdict.spans.empty());
  EXPECT_EQ(verdict.spans[0].number, number_of("무선 충전하기"));
}

TEST_F(SentenceCheckerTest, GivesARowOfATable) {
  const SentenceVerdict verdict =
      check("초고속 충전은 최대 출력이 45 W이고 68분 걸립니다.", {number_of("유선 충전 속도")});
  EXPECT_EQ(verdict.basis, CitationBasis::kCited);
  ASSERT_FALSE(verdict.spans.empty());
  EXPECT_EQ(text_of(verdict.spans[0]), "초고속 충전 | 45 W | 68분");
  EXPECT_TRUE(verdict.unverified.empty());
}

TEST_F(SentenceCheckerTest, FindsNothingForWhatIsMadeUp) {
  for (const char* made_up : {"블루투스 스피커는 냉장고 옆에 놓고 페어링하세요.",
                              "비행기 탑승 전에는 여권을 반드시 챙기세요."}) {
    EXPECT_EQ(check(made_up).basis, CitationBasis::kUnsupported) << made_up;
    EXPECT_EQ(check(made_up, {1}).basis, CitationBasis::kUnsupported) << made_up;
    EXPECT_TRUE(check(made_up, {1}).spans.empty()) << made_up;
  }
}

TEST_F(SentenceCheckerTest, CountsNumbersOfNoPassage) {
  EXPECT_EQ(check("무선 충전기의 전원을 연결하세요.", {1, 40, 41}).invented, 2u);
}

TEST_F(SentenceCheckerTest, FlagsAQuantityThatTheManualDoesNotTell) {
  const SentenceVerdict verdict =
      check("무선 충전에는 4시간이 걸립니다.", {number_of("무선 충전하기")});
  EXPECT_EQ(verdict.basis, CitationBasis::kCited);
  ASSERT_EQ(verdict.unverified.size(), 1u);
  EXPECT_EQ(verdict.unverified[0], "4시간");
}

TEST_F(SentenceCheckerTest, TakesAQuantityInAnotherUnitForTheSame) {
  EXPECT_TRUE(
      check("무선 충전에는 150분이 걸립니다.", {number_of("무선 충전하기")}).unverified.empty());
}

TEST_F(SentenceCheckerTest, FlagsANameThatTheManualDoesNotHave) {
  const int wireless = number_of("무선 충전하기");
  EXPECT_EQ(check("무선 충전기의 '터보 버튼'을 눌러 전원을 연결하세요.", {wireless}).unverified,
            (std::vector<std::string>{"터보 버튼"}));
  EXPECT_EQ(check("무선 충전기의 전원을 MagSafe에 연결하세요.", {wireless}).unverified,
            (std::vector<std::string>{"MagSafe"}));
  EXPECT_TRUE(check("'무선 충전기'의 전원을 연결하세요.", {wireless}).unverified.empty());
}

TEST_F(SentenceCheckerTest, CitesThePassageThatHasTheQuantityToo) {
  const int wireless = number_of("무선 충전하기"), wired = number_of("유선 충전 속도");
  const SentenceVerdict verdict =
      check("무선 충전에는 2시간 30분, 초고속 유선 충전에는 68분이 걸립니다.", {wireless});
  EXPECT_TRUE(verdict.unverified.empty());
  EXPECT_TRUE(std::ranges::any_of(verdict.spans,
                                  [&](const SupportSpan& span) { return span.number == wired; }));
}

TEST_F(SentenceCheckerTest, AsksNoCitationOfWhatSaysNothing) {
  for (const char* nothing : {"네.", "Yes.", "설명서에 답이 없습니다.", "1."}) {
    EXPECT_EQ(check(nothing, {1}).basis, CitationBasis::kNothingSaid) << nothing;
    EXPECT_TRUE(check(nothing, {1}).spans.empty()) << nothing;
  }
  EXPECT_NE(check("냉장고 페어링은 다음과 같습니다:").basis, CitationBasis::kUnsupported);
}

TEST_F(SentenceCheckerTest, ComparesOnlyNumbersAndNamesAcrossLanguages) {
  const int wireless = number_of("무선 충전하기");
  const SentenceVerdict verdict = check("Charging without a cable takes 150 minutes.", {wireless});
  EXPECT_EQ(verdict.basis, CitationBasis::kOtherLanguage);
  ASSERT_FALSE(verdict.spans.empty());
  EXPECT_EQ(verdict.spans[0].number, wireless);
  EXPECT_TRUE(verdict.unverified.empty());
  EXPECT_FALSE(check("Charging without a cable takes 20 minutes.", {wireless}).unverified.empty());
  EXPECT_EQ(check("Charging without a cable is fun.").basis, CitationBasis::kUnsupported);
}

}  // namespace
}  // namespace saseo
