#include "engine/runtime/choice_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/model_files.h"

namespace saseo {
namespace {

constexpr TokenId kStop = 1;

Vocabulary vocabulary_with(const std::vector<std::string>& pieces) {
  Vocabulary vocabulary = small_vocabulary();
  for (const std::string& piece : pieces) {
    vocabulary.pieces.push_back(piece);
    vocabulary.scores.push_back(-1000);
    vocabulary.kinds.push_back(TokenKind::kNormal);
  }
  return vocabulary;
}

std::vector<std::string> allowed_in(const ChoiceMatcher& matcher, const Tokenizer& tokenizer) {
  std::vector<std::string> pieces;
  for (const TokenId id : matcher.allowed())
    pieces.push_back(id == kStop ? "stop" : std::string(tokenizer.piece_of(id)));
  std::ranges::sort(pieces);
  return pieces;
}

using Pieces = std::vector<std::string>;

TEST(ChoiceMatcher, AllowsEveryTokenThatLeadsToAChoiceAndNoOther) {
  const Tokenizer tokenizer(vocabulary_with({"예", "아", "아니", "니요", "아니요!", "요"}));
  ChoiceMatcher matcher(tokenizer, {"예", "아니요"}, {kStop});
  // Bytes of "예" are EC 98 88, of "아" EC 95 84.
  EXPECT_EQ(allowed_in(matcher, tokenizer), (Pieces{"<0xEC>", "아", "아니", "예"}));
  matcher.push(*tokenizer.find("아"));
  EXPECT_FALSE(matcher.finished());
  const Pieces next = allowed_in(matcher, tokenizer);
  EXPECT_TRUE(std::ranges::find(next, "니요") != next.end());
  EXPECT_TRUE(std::ranges::find(next, "요") == next.end());
  EXPECT_TRUE(std::ranges::find(next, "stop") == next.end()) << "it is not whole";
  matcher.push(*tokenizer.find("니요"));
  EXPECT_TRUE(matcher.finished());
  EXPECT_EQ(allowed_in(matcher, tokenizer), Pieces{"stop"});
}

TEST(ChoiceMatcher, AWholeChoiceThatBeginsAnotherMayEndOrGoOn) {
  const Tokenizer tokenizer(vocabulary_with({"Q", "QZ", "Z"}));
  ChoiceMatcher matcher(tokenizer, {"Q", "QZ"}, {kStop});
  matcher.push(*tokenizer.find("Q"));
  EXPECT_FALSE(matcher.finished());
  const Pieces next = allowed_in(matcher, tokenizer);
  EXPECT_TRUE(std::ranges::find(next, "stop") != next.end());
  EXPECT_TRUE(std::ranges::find(next, "Z") != next.end());
  matcher.push(*tokenizer.find("Z"));
  EXPECT_TRUE(matcher.finished());
}

TEST(ChoiceMatcher, TheSpaceInFrontOfATextIsNoneOfIt) {
  Vocabulary vocabulary = vocabulary_with({"\u2581Q", "Q", "Q\u2581", "Z", "\u2581Z"});
  vocabulary.add_space_prefix = true;
  const Tokenizer tokenizer(vocabulary);
  ChoiceMatcher matcher(tokenizer, {"Q Z"}, {kStop});
  const Pieces first = allowed_in(matcher, tokenizer);
  for (const char* piece : {"\u2581Q", "Q", "Q\u2581"})
    EXPECT_TRUE(std::ranges::find(first, piece) != first.end()) << piece;
  matcher.push(*tokenizer.find("\u2581Q"));
  const Pieces second = allowed_in(matcher, tokenizer);
  EXPECT_TRUE(std::ranges::find(second, "\u2581Z") != second.end());
  EXPECT_TRUE(std::ranges::find(second, "Z") == second.end());
}

TEST(ChoiceMatcher, AllowsNothingWhereTheVocabularyCannotWriteAChoice) {
  Vocabulary vocabulary = vocabulary_with({"Q"});
  for (std::size_t i = 0; i < vocabulary.kinds.size(); ++i) {
    if (vocabulary.kinds[i] == TokenKind::kByte) vocabulary.kinds[i] = TokenKind::kControl;
  }
  const Tokenizer tokenizer(vocabulary);
  EXPECT_TRUE(ChoiceMatcher(tokenizer, {"☃"}, {kStop}).allowed().empty());
  EXPECT_FALSE(ChoiceMatcher(tokenizer, {"☃", "Q"}, {kStop}).allowed().empty());
}

}  // namespace
}  // namespace saseo
