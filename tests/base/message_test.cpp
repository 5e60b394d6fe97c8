#include "base/message.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/result.h"

namespace saseo {
namespace {

TEST(Message, HoldsBothTextsWithTheArgumentsWhereEachLanguagePutsThem) {
  const Message text = message("{} of {} pages", "{1}쪽 가운데 {0}쪽", 3, std::string("7"));
  EXPECT_EQ(text.english, "3 of 7 pages");
  EXPECT_EQ(text.korean, "7쪽 가운데 3쪽");
}

TEST(Message, IsKoreanInEveryLanguageButEnglish) {
  const Message text("page", "쪽");
  EXPECT_EQ(text.in(Language::kEnglish), "page");
  EXPECT_EQ(text.in(Language::kKorean), "쪽");
  EXPECT_EQ(text.in(Language::kOther), "쪽");
  EXPECT_EQ(text.in(Language::kUnknown), "쪽");
}

TEST(Message, WithinAnotherGivesEachLanguageItsOwnText) {
  const Message reason = message("line {}", "{}행", 12);
  const Message within = message("{}: {}", "{}: {}", "a.csv", reason);
  EXPECT_EQ(within.english, "a.csv: line 12");
  EXPECT_EQ(within.korean, "a.csv: 12행");
  EXPECT_EQ(message("{0}, {0}", "{0}·{0}", within).korean, "a.csv: 12행·a.csv: 12행");
}

TEST(Message, OfANameReadsTheSameInBothLanguages) {
  EXPECT_EQ(untranslated("a.pdf"), Message("a.pdf", "a.pdf"));
  EXPECT_FALSE(untranslated("a.pdf").empty());
  EXPECT_TRUE(Message().empty());
}

TEST(Message, GrowsInBothLanguages) {
  Message text("one", "하나");
  text += Message(", two", ", 둘");
  EXPECT_EQ(text, Message("one, two", "하나, 둘"));
}

TEST(ErrorMessages, AreReadInTwoLanguagesAtTheSameTime) {
  constexpr int kRounds = 2000;
  const auto fail = [](int round) {
    return make_error(ErrorCode::kLimit, "{} tokens: {}", "{}토큰: {}", round,
                      message("too many", "너무 많음"));
  };
  int wrong_english = 0, wrong_korean = 0;
  {
    std::jthread english([&] {
      for (int i = 0; i < kRounds; ++i)
        wrong_english +=
            fail(i).message.in(Language::kEnglish) != std::to_string(i) + " tokens: too many";
    });
    std::jthread korean([&] {
      for (int i = 0; i < kRounds; ++i)
        wrong_korean +=
            fail(i).message.in(Language::kKorean) != std::to_string(i) + "토큰: 너무 많음";
    });
  }
  EXPECT_EQ(wrong_english, 0);
  EXPECT_EQ(wrong_korean, 0);
}

TEST(ErrorMessages, CarryAdviceInTheOrderInWhichItIsGiven) {
  const auto refused = []() -> Status {
    return make_error(ErrorCode::kLimit, "too long", "너무 긺")
        .advise(AdviceKind::kAskWithLessText)
        .advise(AdviceKind::kLowerContext, "512");
  };
  EXPECT_EQ(refused().error().advice, (std::vector<Advice>{{AdviceKind::kAskWithLessText, ""},
                                                           {AdviceKind::kLowerContext, "512"}}));
}

}  // namespace
}  // namespace saseo
