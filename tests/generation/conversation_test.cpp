#include "generation/conversation.h"

#include <gtest/gtest.h>

#include "generation/answer.h"

namespace saseo {
namespace {

Answer answer_to(const std::string& question, const std::string& text) {
  Answer answer;
  answer.question = question;
  answer.text = text;
  return answer;
}

Passage passage(int number, std::int64_t document) {
  Passage made;
  made.number = number;
  made.document = DocumentId{document};
  made.segments = {{10, 20}};
  return made;
}

TEST(Conversation, ForgetsItsOldestTurns) {
  Conversation conversation;
  for (std::size_t i = 0; i < Conversation::kMaxTurns + 3; ++i)
    conversation.remember(answer_to(fmt::format("{}?", i), fmt::format("{}.", i)));
  ASSERT_EQ(conversation.turns.size(), Conversation::kMaxTurns);
  EXPECT_EQ(conversation.turns.front().question, "3?");
  EXPECT_EQ(conversation.turns.back().answer, fmt::format("{}.", Conversation::kMaxTurns + 2));
}

TEST(Conversation, IsAboutTheProductThatTheLastAnswerKeptToOrCited) {
  Conversation conversation;
  Answer named = answer_to("온새폰 무게?", "189 g");
  named.product = {ProductDecision::kNamed, "온새폰 K3", {}};
  conversation.remember(named);
  EXPECT_EQ(conversation.product, "온새폰 K3");

  Answer cited = answer_to("필터?", "씻으세요.");
  cited.found = true;
  cited.citations.emplace_back().info.product = "온새봇 C7";
  conversation.remember(cited);
  EXPECT_EQ(conversation.product, "온새봇 C7");

  conversation.remember(answer_to("라디오?", "설명서에서 답을 찾지 못했습니다."));
  EXPECT_EQ(conversation.product, "온새봇 C7") << "silence changes no subject";
}

TEST(Conversation, KnowsWhatTheLastPromptReadInItsOrder) {
  Conversation conversation;
  Answer answer = answer_to("?", ".");
  answer.context.passages = {passage(1, 11), passage(2, 12), passage(3, 13)};
  answer.generation.emplace().passage_order = {3, 1};
  conversation.remember(answer);
  const std::vector<PassagePlace> read = {place_of(answer.context.passages[2]),
                                          place_of(answer.context.passages[0])};
  EXPECT_EQ(conversation.read, read);
  conversation.remember(answer_to("?", "no prompt was read for this one"));
  EXPECT_EQ(conversation.read, read);
}

TEST(Conversation, IsAValueWhoseCopyGoesItsOwnWay) {
  Conversation one;
  one.remember({"무선 충전은?", "15 W"}, "온새폰 K3");
  Conversation other = one;
  other.remember({"유선은?", "45 W"}, "");
  EXPECT_EQ(one.turns.size(), 1u);
  EXPECT_EQ(other.turns.size(), 2u);
  EXPECT_EQ(other.product, "온새폰 K3");
}

}  // namespace
}  // namespace saseo
