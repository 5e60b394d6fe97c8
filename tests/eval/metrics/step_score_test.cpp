#include "eval/metrics/step_score.h"

#include <gtest/gtest.h>

#include "eval/metrics/list_items.h"

namespace saseo::eval {
namespace {

using Texts = std::vector<std::string>;

StepTokens words(std::initializer_list<std::u32string> tokens) { return tokens; }

TEST(ListItems, BeginAtMarks) {
  const std::string text =
      "먼저:\n1. 전원을 끕니다.\n2) 뚜껑을 엽니다.\n   꼭 잡으세요.\n③ 닫습니다.\n- 끝";
  const std::vector<ListItem> items = list_items(text);
  ASSERT_EQ(items.size(), 4u);
  const auto at = [&](std::size_t i) {
    return text.substr(items[i].text.begin, items[i].text.size());
  };
  EXPECT_EQ(at(0), "전원을 끕니다.");
  EXPECT_EQ(at(1), "뚜껑을 엽니다.\n   꼭 잡으세요.");
  EXPECT_EQ(at(2), "닫습니다.");
  EXPECT_EQ(at(3), "끝");
}

TEST(ListItems, WithinALineCountOn) {
  EXPECT_EQ(list_items("1) 끄고 2) 빼고 3) 켭니다").size(), 3u);
  EXPECT_EQ(list_items("Step 1: off. Step 2: on.").size(), 2u);
  EXPECT_EQ(list_items("3.5 mm 잭과 2.5 mm 잭").size(), 0u);
  EXPECT_EQ(list_items("25 W입니다. 30. 그리고").size(), 0u);
  EXPECT_EQ(without_item_marks("1. 하나\n2. 둘"), "   하나\n   둘");
}

TEST(StepScore, CountsStepsToldAndTheirOrder) {
  const std::vector<StepTokens> steps = {words({U"a", U"b"}), words({U"c", U"d"}),
                                         words({U"e", U"f"}), words({U"g", U"h"})};
  const std::vector<StepTokens> answer = {words({U"c", U"d"}), words({U"a", U"x"}),
                                          words({U"e", U"f", U"y"})};
  const StepScore score = score_steps(steps, answer);
  EXPECT_EQ(score.found, 3u);  // The first by half of its words.
  EXPECT_DOUBLE_EQ(score.completeness, 0.75);
  EXPECT_DOUBLE_EQ(*score.order, 2.0 / 3);  // Places 1, 0, 2: two of three go forward.
}

TEST(StepScore, SeesTheOrderOfStepsInOneSentence) {
  const std::vector<StepTokens> steps = {words({U"a", U"b"}), words({U"c", U"d"})};
  const std::vector<StepTokens> forward = {words({U"a", U"b", U"c", U"d"})};
  const std::vector<StepTokens> backward = {words({U"c", U"d", U"a", U"b"})};
  EXPECT_DOUBLE_EQ(*score_steps(steps, forward).order, 1);
  EXPECT_DOUBLE_EQ(*score_steps(steps, backward).order, 0.5);
}

TEST(StepScore, HasNoOrderOfOneStep) {
  const std::vector<StepTokens> steps = {words({U"a"}), words({U"b"})};
  const StepScore score = score_steps(steps, std::vector<StepTokens>{words({U"b"})});
  EXPECT_DOUBLE_EQ(score.completeness, 0.5);
  EXPECT_FALSE(score.order.has_value());
  EXPECT_EQ(score_steps(steps, {}).found, 0u);
}

TEST(StepScore, OfKoreanStepsHeedsNoEndings) {
  Analyzer analyzer;
  const Texts reference = {"1. 먼지통을 뺍니다.\n2. 필터를 물로 씻습니다.\n3. 그늘에서 말립니다."};
  const auto score = step_score("먼지통을 빼고 나서, 필터는 물로 씻으세요. 그늘에서 말리면 됩니다.",
                                reference, StepSource::kLists, analyzer);
  ASSERT_TRUE(score.has_value());
  EXPECT_EQ(score->steps, 3u);
  EXPECT_DOUBLE_EQ(score->completeness, 1);
  EXPECT_DOUBLE_EQ(*score->order, 1);
  const auto reversed = step_score("그늘에서 말립니다. 필터를 물로 씻습니다. 먼지통을 뺍니다.",
                                   reference, StepSource::kLists, analyzer);
  EXPECT_DOUBLE_EQ(*reversed->order, 1.0 / 3);
}

TEST(StepScore, TakesSentencesForStepsOnlyWhereTold) {
  Analyzer analyzer;
  const Texts reference = {"Switch it off. Remove the battery."};
  EXPECT_FALSE(step_score("Remove the battery.", reference, StepSource::kLists, analyzer));
  const auto score =
      step_score("Remove the battery.", reference, StepSource::kListsOrSentences, analyzer);
  EXPECT_DOUBLE_EQ(score->completeness, 0.5);
  EXPECT_FALSE(step_score("x", Texts{"One sentence."}, StepSource::kListsOrSentences, analyzer));
}

}  // namespace
}  // namespace saseo::eval
