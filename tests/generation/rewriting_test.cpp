#include "generation/rewriting.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

const Turn kBefore = {"무선 충전은 몇 W까지 돼?",
                      "무선 충전은 15 W까지 됩니다. 충전 패드를 쓰세요. [1]\n"};

std::string checked(std::string_view written, std::string_view followup = "그럼 유선은?") {
  static Analyzer analyzer;
  return checked_rewriting(written, followup, kBefore, analyzer);
}

TEST(Rewriting, IsTakenWhenItKeepsBothSubjects) {
  EXPECT_EQ(checked("유선 충전은 몇 W까지 돼?"), "유선 충전은 몇 W까지 돼?");
}

TEST(Rewriting, LosesItsLabelQuotesAndFurtherLines) {
  EXPECT_EQ(checked("고친 질문: \"유선 충전은 몇 W까지 돼?\"\n\n설명: 앞 질문"),
            "유선 충전은 몇 W까지 돼?");
}

TEST(Rewriting, MayNameWhatTheAnswerNamed) {
  EXPECT_EQ(checked("무선 충전 패드는 어디에 두나요?", "패드는 어디에 두나요?"),
            "무선 충전 패드는 어디에 두나요?");
}

TEST(Rewriting, IsNotTakenWhenItDropsASubject) {
  EXPECT_EQ(checked("무선 충전은 몇 W까지 돼?"), "");  // Of the follow-up.
  EXPECT_EQ(checked("유선은 어때?"), "");              // Of the conversation.
  EXPECT_EQ(checked("충전은 몇 W까지 돼?", "그럼 45 W 유선은?"), "");
}

TEST(Rewriting, IsNotTakenWhenItBringsInWhatNobodySaid) {
  EXPECT_EQ(checked("유선 충전 중에 냉장고는 몇 W까지 돼?"), "");
  EXPECT_EQ(checked("유선 충전은 65 W까지 돼?"), "");
}

TEST(Rewriting, IsNotTakenWhenItIsEmptyOrEndless) {
  EXPECT_EQ(checked(""), "");
  EXPECT_EQ(checked(" \n"), "");
  std::string endless;
  for (int i = 0; i < 60; ++i) endless += "유선 충전은 ";
  EXPECT_EQ(checked(endless), "");
}

}  // namespace
}  // namespace saseo
