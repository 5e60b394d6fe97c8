#include "eval/report/verdict.h"

#include <gtest/gtest.h>

#include "tests/eval/made_outcomes.h"

namespace saseo::eval {
namespace {

const std::vector<MadeContestant> kSmallAndLarge = {{"2B", 10, 2e9}, {"9B", 41, 8e9}};

Verdict only_verdict(const MadeOutcomes& made) {
  const std::vector<Verdict> verdicts = verdicts_of(made.evaluation(), {.resamples = 2000});
  EXPECT_EQ(verdicts.size(), 1u);
  return verdicts.empty() ? Verdict{} : verdicts.front();
}

void expect_says(const std::string& sentence, const std::string& part) {
  EXPECT_NE(sentence.find(part), std::string::npos) << '"' << part << "\" in: " << sentence;
}
void expect_does_not_say(const std::string& sentence, const std::string& part) {
  EXPECT_EQ(sentence.find(part), std::string::npos) << '"' << part << "\" in: " << sentence;
}

// 80 questions, of every five of which one is answered better by 9B.
MadeOutcomes where_the_large_one_gains() {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 80; ++i) made.add({0.5, i % 5 == 0 ? 1.0 : 0.5}, Language::kKorean);
  return made;
}

TEST(Verdict, SaysByHowMuchTheBetterIsBetterAndWhatItCosts) {
  const Verdict verdict = only_verdict(where_the_large_one_gains());
  EXPECT_EQ(verdict.language, "ko");
  expect_says(
      verdict.sentence_en,
      "On these 80 Korean questions, 9B recalls 10 points more of the required facts than 2B "
      "(95 % CI ");
  expect_says(verdict.sentence_en, ", takes 4.1 times as long and needs 4 times the memory.");
  expect_says(verdict.sentence_ko,
              "이 한국어 질문 80개에서 9B는 2B보다 필수 사실을 10%p 더 담았지만(95 % 신뢰구간 ");
  expect_says(verdict.sentence_ko, ") 시간은 4.1배 걸렸고 메모리는 4배 썼습니다.");
  expect_does_not_say(verdict.sentence_en, "suffices");
}

TEST(Verdict, DoesNotDependOnWhichIsListedFirst) {
  MadeOutcomes turned({kSmallAndLarge[1], kSmallAndLarge[0]});
  for (int i = 0; i < 80; ++i) turned.add({i % 5 == 0 ? 1.0 : 0.5, 0.5}, Language::kKorean);
  const Verdict verdict = only_verdict(turned);
  const Verdict other = only_verdict(where_the_large_one_gains());
  const auto end = other.sentence_en.find(" (95 % CI");
  EXPECT_EQ(verdict.sentence_en.substr(0, end), other.sentence_en.substr(0, end));
}

TEST(Verdict, SaysWhatCouldHaveBeenShownWhereNoDifferenceIs) {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 40; ++i) made.add({i % 4 == 0 ? 1.0 : 0.5, i % 4 == 1 ? 1.0 : 0.5});
  const Verdict verdict = only_verdict(made);
  expect_says(
      verdict.sentence_en,
      "On these 40 Korean questions, no difference in the recall of required facts between");
  expect_says(verdict.sentence_en, "; the set could have shown one of ");
  expect_says(verdict.sentence_en, " points or more.");
  expect_says(verdict.sentence_en, "That 2B stays within 5 points of 9B is not shown.");
  expect_says(verdict.sentence_ko, "차이는 드러나지 않았습니다");
  expect_says(verdict.sentence_ko, "2B가 5%p 넘게 뒤지지 않는다고는 말할 수 없습니다.");
  expect_does_not_say(verdict.sentence_en, "suffices");
}

TEST(Verdict, SaysThatTheCheaperSufficesOnlyWhereALossIsExcluded) {
  MadeOutcomes many(kSmallAndLarge), few(kSmallAndLarge);
  for (int i = 0; i < 100; ++i) many.add({0.5, 0.5});
  for (int i = 0; i < 40; ++i) few.add({0.5, 0.5});
  const Verdict verdict = only_verdict(many);
  expect_says(verdict.sentence_en, "2B suffices: a loss of more than 5 points is excluded.");
  expect_says(verdict.sentence_ko, "2B로 충분합니다. 5%p 넘게 뒤질 가능성은 배제되었습니다.");
  // 40 equal questions leave a loss of 9 points possible.
  expect_does_not_say(only_verdict(few).sentence_en, "suffices");
}

TEST(Verdict, TakesTheMarginAsAnOption) {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 40; ++i) made.add({0.5, 0.5});
  const std::vector<Verdict> verdicts = verdicts_of(made.evaluation(), {.margin = 0.15});
  expect_says(verdicts.at(0).sentence_en,
              "2B suffices: a loss of more than 15 points is excluded.");
}

TEST(Verdict, TellsTypesApart) {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 120; ++i) made.add({0.5, 0.5}, Language::kKorean, "table");
  for (int i = 0; i < 40; ++i) {
    made.add({0.5, i % 2 == 0 ? 1.0 : 0.5}, Language::kKorean, "how-to");
  }
  for (int i = 0; i < 4; ++i) made.add({0.5, 1}, Language::kKorean, "follow-up");
  const Verdict verdict = only_verdict(made);
  expect_says(verdict.sentence_en, "2B suffices for questions of type table (120)");
  expect_says(verdict.sentence_en, "9B gains on questions of type how-to (25 points).");
  expect_says(verdict.sentence_en,
              "Types with fewer than 10 questions say nothing by themselves: follow-up (4).");
  expect_says(verdict.sentence_ko, "표(120개) 유형의 질문에는 2B로 충분합니다.");
  expect_says(verdict.sentence_ko, "9B는 사용 방법(25%p) 유형의 질문에서 앞섰습니다.");
  expect_says(verdict.sentence_ko, "이어 묻기(4개).");
}

TEST(Verdict, DoesNotPraiseTheDearerWhereTheCheaperIsBetter) {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 80; ++i) made.add({i % 5 == 0 ? 1.0 : 0.5, 0.5}, Language::kEnglish, "table");
  const Verdict verdict = only_verdict(made);
  expect_says(verdict.sentence_en, "On these 80 English questions, 2B recalls 10 points more");
  expect_says(verdict.sentence_en, ", is 4.1 times as fast and needs 0.25 times the memory.");
  expect_does_not_say(verdict.sentence_en, "suffices");
  expect_says(verdict.sentence_ko, "이 영어 질문 80개에서 2B는 9B보다 필수 사실을 10%p 더 담았고");
  expect_says(verdict.sentence_ko, "속도는 4.1배 빨랐고 메모리는 0.25배 썼습니다.");
}

TEST(Verdict, SaysThatTooFewQuestionsAreTooFew) {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 9; ++i) made.add({0, 1});
  const Verdict verdict = only_verdict(made);
  EXPECT_EQ(verdict.sentence_en,
            "Only 9 of these 9 Korean questions can be scored by the recall of required facts: too "
            "few to say which is better.");
  EXPECT_EQ(
      verdict.sentence_ko,
      "이 한국어 질문 9개 가운데 필수 사실 재현율로 점수를 매길 수 있는 것이 9개뿐이어서 어느 "
      "쪽이 나은지 말할 수 없습니다.");
}

TEST(Verdict, DescribesOneContestantByItsInterval) {
  MadeOutcomes made({{"2B"}});
  for (int i = 0; i < 50; ++i) made.add({i % 4 == 0 ? 0.0 : 1.0});
  const Verdict verdict = only_verdict(made);
  expect_says(verdict.sentence_en,
              "On these 50 Korean questions, 2B recalls 74 % of the required facts (95 % CI ");
  expect_says(verdict.sentence_en, "There is nothing to compare it with.");
  expect_says(verdict.sentence_ko,
              "이 한국어 질문 50개에서 2B는 필수 사실의 74 %를 담았습니다(95 % 신뢰구간 ");
}

TEST(Verdict, SaysThatNothingCanBeScoredWithoutReferences) {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 12; ++i) made.add({0, 1}).values.clear();
  const Verdict verdict = only_verdict(made);
  expect_says(verdict.sentence_en, "Of these 12 Korean questions nothing can be scored");
  expect_says(verdict.sentence_ko, "점수를 매길 수 없습니다");
}

TEST(Verdict, NamesTheCheapestOfSeveralThatStaysWithinTheMargin) {
  MadeOutcomes made({{"2B", 10}, {"4B", 20}, {"9B", 41}});
  for (int i = 0; i < 200; ++i) {
    made.add({i % 4 == 0 ? 0.5 : 1.0, i % 50 == 0 ? 0.75 : 1.0, 1.0});
  }
  const Verdict verdict = only_verdict(made);
  expect_says(verdict.sentence_en, "9B recalls 100 % of the required facts");
  expect_says(verdict.sentence_en, ", the best of 3.");
  expect_says(verdict.sentence_en, "9B is ahead of 2B by 12.5 points");
  expect_says(verdict.sentence_en, "No difference between 9B and 4B is shown");
  expect_says(
      verdict.sentence_en,
      "The cheapest shown to stay within 5 points of 9B is 4B, which is 2.1 times as fast.");
  expect_says(verdict.sentence_ko, "가장 값싼 모델은 4B입니다.");
}

TEST(Verdict, SaysWhereNoCheaperOneIsShownToStayWithin) {
  MadeOutcomes made({{"2B", 10}, {"4B", 20}, {"9B", 41}});
  for (int i = 0; i < 40; ++i) made.add({i % 2 == 0 ? 0.5 : 1.0, i % 3 == 0 ? 0.5 : 1.0, 1.0});
  const Verdict verdict = only_verdict(made);
  expect_says(verdict.sentence_en, "No cheaper one is shown to stay within 5 points of it.");
  expect_says(verdict.sentence_ko, "더 값싼 모델 가운데 5%p 넘게 뒤지지 않는다고");
}

TEST(Verdict, SpeaksOfTheScoredQuestionsAndOfEachLanguage) {
  MadeOutcomes made(kSmallAndLarge, kF1);
  for (int i = 0; i < 60; ++i) {
    QuestionOutcome& outcome =
        made.add({0.3, i % 3 == 0 ? 0.6 : 0.3}, i < 30 ? Language::kKorean : Language::kEnglish);
    if (i % 10 == 1) outcome.values.clear();
  }
  const std::vector<Verdict> verdicts = verdicts_of(made.evaluation(), {.resamples = 2000});
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[1].language, "en");
  expect_says(verdicts[0].sentence_en,
              "On 27 of these 30 Korean questions, 9B is 10 points better in F1 ");
  expect_says(verdicts[0].sentence_ko,
              "이 한국어 질문 30개 가운데 점수를 매길 수 있는 27개에서 9B는 2B보다 F1에서 "
              "10%p 앞섰지만");
}

TEST(Verdict, ClaimsNothingOfCostWhereNoneWasMeasured) {
  MadeOutcomes made(kSmallAndLarge);
  for (int i = 0; i < 80; ++i) {
    QuestionOutcome& outcome = made.add({0.5, i % 5 == 0 ? 1.0 : 0.5});
    for (auto& [name, answer] : outcome.answers) answer.cost = {};
  }
  const Verdict verdict = only_verdict(made);
  expect_does_not_say(verdict.sentence_en, "times");
  expect_does_not_say(verdict.sentence_en, "within");
  expect_says(verdict.sentence_ko, "더 담았습니다(95 % 신뢰구간");
}

}  // namespace
}  // namespace saseo::eval
