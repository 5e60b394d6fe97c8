// The tokenizer on the real vocabularies of Gemma 2 and 3, against the ids of two other engines
// (data/tokenizers/make_cases.py). Skipped, saying so, where npm's packages are out of reach.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/tokenizer.h"
#include "tests/engine/npm_vocabulary.h"

namespace saseo {
namespace {

using Ids = std::vector<TokenId>;

class RealVocabulary : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    Result<Vocabulary> vocabulary = npm_vocabulary(GetParam());
    if (!vocabulary.ok()) GTEST_SKIP() << vocabulary.error().message.english;
    tokenizer_.emplace(std::move(vocabulary).value());
  }
  std::optional<Tokenizer> tokenizer_;
};

TEST_P(RealVocabulary, GivesTheIdsThatOtherEnginesGive) {
  std::ifstream stream(std::string(SASEO_TEST_DATA) + "/tokenizers/cases-" + GetParam() + ".json");
  const nlohmann::json cases = nlohmann::json::parse(stream);
  ASSERT_GT(cases.size(), 200u);
  for (const nlohmann::json& one : cases) {
    const auto text = one["text"].get<std::string>();
    EXPECT_EQ(tokenizer_->encode(text, {.parse_control = true}), one["ids"].get<Ids>()) << one;
    EXPECT_EQ(tokenizer_->encode(text), one["ids_no_control"].get<Ids>()) << one;
    EXPECT_EQ(tokenizer_->decode(tokenizer_->encode(text)), text);
  }
}

TEST_P(RealVocabulary, WritesAConversationAsItsTextParsedWhole) {
  const ChatTemplate chat = ChatTemplate::create(*tokenizer_).value();
  const Ids ids = chat.encode(std::vector<ChatTurn>{{ChatRole::kSystem, "설명서만 보고 답하세요."},
                                                    {ChatRole::kUser, "배터리는 얼마나 가나요?"},
                                                    {ChatRole::kModel, "약 10시간입니다.\n\n1. 끝"},
                                                    {ChatRole::kUser, "    고마워요  "}})
                      .value();
  EXPECT_EQ(ids, tokenizer_->encode("<bos><start_of_turn>user\n설명서만 보고 답하세요.\n\n배터리는 "
                                    "얼마나 가나요?<end_of_turn>\n<start_of_turn>model\n약 "
                                    "10시간입니다.\n\n1. 끝<end_of_turn>\n<start_of_turn>user\n"
                                    "고마워요<end_of_turn>\n<start_of_turn>model\n",
                                    {.parse_control = true}));
}

INSTANTIATE_TEST_SUITE_P(Gemma, RealVocabulary, testing::Values("gemma2", "gemma3"),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace saseo
