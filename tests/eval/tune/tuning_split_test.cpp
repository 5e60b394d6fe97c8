#include "eval/tune/tuning_split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace saseo::eval {
namespace {

Question question(const std::string& id, const std::string& type, const std::string& split = "") {
  Question made;
  made.id = id;
  made.text = "text of " + id;
  made.type = type;
  made.split = split;
  made.language = Language::kKorean;
  return made;
}

Question follow_up(const Question& before, const std::string& id, const std::string& split = "") {
  Question made = question(id, "follow-up", split);
  made.history = before.history;
  made.history.push_back({before.text, ""});
  return made;
}

// Twenty of each of two types, every fourth followed by one or two more.
std::vector<Question> many() {
  std::vector<Question> questions;
  for (int i = 0; i < 40; ++i) {
    questions.push_back(question(std::to_string(i), i % 2 == 0 ? "how-to" : "table"));
    if (i % 4 != 0) continue;
    questions.push_back(follow_up(questions.back(), std::to_string(i) + "a"));
    if (i % 8 == 0) questions.push_back(follow_up(questions.back(), std::to_string(i) + "b"));
  }
  return questions;
}

bool has(const std::vector<std::size_t>& half, std::size_t position) {
  return std::ranges::find(half, position) != half.end();
}

TEST(TuningSplit, EveryQuestionIsInOneHalf) {
  const std::vector<Question> questions = many();
  const TuningSplit split = split_for_tuning(questions, 1);
  std::set<std::size_t> all(split.tuning.begin(), split.tuning.end());
  all.insert(split.held_out.begin(), split.held_out.end());
  EXPECT_EQ(all.size(), questions.size());
  EXPECT_EQ(split.tuning.size() + split.held_out.size(), questions.size());
  EXPECT_FALSE(split.own);
}

TEST(TuningSplit, FollowUpsStayWithTheQuestionThatBeganTheConversation) {
  const std::vector<Question> questions = many();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const TuningSplit split = split_for_tuning(questions, seed);
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (questions[i].history.empty()) continue;
      std::size_t first = i;
      while (!questions[first].history.empty()) --first;
      EXPECT_EQ(has(split.tuning, i), has(split.tuning, first)) << questions[i].id;
    }
  }
}

TEST(TuningSplit, BothHalvesHaveAsManyOfEachType) {
  const std::vector<Question> questions = many();
  const TuningSplit split = split_for_tuning(questions, 3);
  std::map<std::string, int> balance;
  for (const std::size_t i : split.tuning) ++balance[questions[i].type];
  for (const std::size_t i : split.held_out) --balance[questions[i].type];
  EXPECT_EQ(balance["how-to"], 0);
  EXPECT_EQ(balance["table"], 0);
}

TEST(TuningSplit, TheSeedDecidesAndRepeats) {
  const std::vector<Question> questions = many();
  EXPECT_EQ(split_for_tuning(questions, 1).tuning, split_for_tuning(questions, 1).tuning);
  EXPECT_NE(split_for_tuning(questions, 1).tuning, split_for_tuning(questions, 2).tuning);
}

TEST(TuningSplit, TheSetsOwnHoldsWhereItHasBoth) {
  const std::vector<Question> questions = {question("a", "x", "dev"), question("b", "x", "test"),
                                           question("c", "x", "train"), question("d", "x", "dev")};
  const TuningSplit split = split_for_tuning(questions, 1);
  EXPECT_TRUE(split.own);
  EXPECT_EQ(split.tuning, (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(split.held_out, (std::vector<std::size_t>{1}));
  EXPECT_EQ(split.left_out, 1u);
  // Of a set with one of them alone, half is held out all the same.
  const std::vector<Question> dev = {question("a", "x", "dev"), question("b", "x", "dev")};
  EXPECT_EQ(split_for_tuning(dev, 1).held_out.size(), 1u);
}

TEST(TuningSplit, AFollowUpInTheOtherSplitIsMoved) {
  const Question first = question("a", "x", "dev");
  const std::vector<Question> questions = {first, follow_up(first, "b", "test"),
                                           question("c", "x", "test")};
  const TuningSplit split = split_for_tuning(questions, 1);
  EXPECT_EQ(split.tuning, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(split.moved, 1u);
}

}  // namespace
}  // namespace saseo::eval
