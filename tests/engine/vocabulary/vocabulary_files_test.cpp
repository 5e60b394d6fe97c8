#include "engine/vocabulary/vocabulary_files.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/vocabulary/tokenizer.h"
#include "tests/engine/has_text.h"
#include "tests/engine/model_files.h"
#include "tests/engine/model_folder.h"

namespace saseo {
namespace {

using Json = nlohmann::json;

std::string json_fault(const std::string& text) {
  const auto vocabulary = vocabulary_of_tokenizer_json(text, "tokenizer.json");
  return vocabulary.ok() ? "read" : vocabulary.error().message.english;
}

// The small vocabulary's file after a change.
template <typename Change>
std::string changed(Change change) {
  Json json = Json::parse(tokenizer_json(small_vocabulary()));
  change(json);
  return json.dump();
}

TEST(TokenizerJson, GivesTheScoresOfTheSentencePieceModel) {
  const Vocabulary made = small_vocabulary();
  const auto json = vocabulary_of_tokenizer_json(tokenizer_json(made), "tokenizer.json");
  const auto model = vocabulary_of_sentencepiece(sentencepiece_model(made), "tokenizer.model");
  ASSERT_TRUE(json.ok()) << json.error().message.english;
  ASSERT_TRUE(model.ok()) << model.error().message.english;
  EXPECT_EQ(json->pieces, made.pieces);
  EXPECT_EQ(json->scores, made.scores);
  EXPECT_EQ(json->kinds, made.kinds);
  EXPECT_EQ(model->pieces, made.pieces);
  EXPECT_EQ(model->scores, made.scores);
  EXPECT_EQ(model->kinds, made.kinds);
}

TEST(TokenizerJson, MergesWrittenAsOneTextAreTheSame) {
  const std::string text = changed([](Json& json) {
    for (Json& merge : json["model"]["merges"]) {
      merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
    }
  });
  const auto vocabulary = vocabulary_of_tokenizer_json(text, "tokenizer.json");
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.error().message.english;
  EXPECT_EQ(vocabulary->scores, small_vocabulary().scores);
}

TEST(TokenizerJson, TheOrderOfMergesCountsWhereItIsNotThatOfTheIds) {
  Json vocab = {{"<pad>", 0}, {"<eos>", 1}, {"<bos>", 2}, {"<unk>", 3}, {"ab", 4},
                {"bc", 5},    {"a", 6},     {"b", 7},     {"c", 8}};
  Json json = {{"model",
                {{"type", "BPE"},
                 {"unk_token", "<unk>"},
                 {"byte_fallback", true},
                 {"vocab", vocab},
                 {"merges", {"b c", "a b"}}}}};
  const auto vocabulary = vocabulary_of_tokenizer_json(json.dump(), "tokenizer.json");
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.error().message.english;
  EXPECT_EQ(Tokenizer(*vocabulary).encode("abc"), (std::vector<TokenId>{6, 5}));
  json["model"]["merges"] = {"a b", "b c"};
  const auto by_id = vocabulary_of_tokenizer_json(json.dump(), "tokenizer.json");
  EXPECT_EQ(Tokenizer(*by_id).encode("abc"), (std::vector<TokenId>{4, 8}));
}

TEST(TokenizerJson, APrependedSpaceIsNoticed) {
  const auto read = [](const std::string& text) {
    return vocabulary_of_tokenizer_json(text, "tokenizer.json")->add_space_prefix;
  };
  EXPECT_FALSE(read(tokenizer_json(small_vocabulary())));
  EXPECT_TRUE(read(changed([](Json& json) {
    json["normalizer"] = {{"type", "Sequence"}, {"normalizers", {{{"type", "Prepend"}}}}};
  })));
}

TEST(TokenizerJson, WhatIsNoTokenizerIsRefused) {
  EXPECT_TRUE(has_text(json_fault(""), "no JSON at byte"));
  EXPECT_TRUE(has_text(json_fault("{}"), "\"\""));
  EXPECT_TRUE(has_text(json_fault(std::string(10000, '[')), "nested too deeply"));
  const std::string whole = tokenizer_json(small_vocabulary());
  EXPECT_TRUE(has_text(json_fault(whole.substr(0, whole.size() / 2)), "no JSON at byte"));
  EXPECT_TRUE(has_text(json_fault(changed([](Json& j) { j["model"]["type"] = "WordPiece"; })),
                       "\"WordPiece\""));
  EXPECT_TRUE(has_text(json_fault(changed([](Json& j) { j["model"]["byte_fallback"] = false; })),
                       "byte fallback"));
  EXPECT_TRUE(has_text(json_fault(changed([](Json& j) { j["model"]["vocab"]["x"] = 1u << 31; })),
                       "ids reach to 2147483649"));
  EXPECT_TRUE(
      has_text(json_fault(changed([](Json& j) { j["model"]["vocab"]["x"] = 300; })), "300"));
  EXPECT_TRUE(has_text(json_fault(changed([](Json& j) {
                         j["added_tokens"].push_back({{"content", "x"}});
                       })),
                       "ids reach to"));
}

TEST(SentencePieceModel, ABrokenMessageIsAnErrorNotACrash) {
  const std::string whole = sentencepiece_model(small_vocabulary());
  // The last four bytes are a field of their own, without which the message is whole as well.
  for (std::size_t size = 0; size < whole.size() - 4; size += 3) {
    const auto vocabulary = vocabulary_of_sentencepiece(whole.substr(0, size), "tokenizer.model");
    EXPECT_FALSE(vocabulary.ok()) << size;
  }
  EXPECT_FALSE(vocabulary_of_sentencepiece("<!DOCTYPE html>", "tokenizer.model").ok());
  EXPECT_FALSE(vocabulary_of_sentencepiece(std::string(64, '\xFF'), "tokenizer.model").ok());
  EXPECT_FALSE(vocabulary_of_sentencepiece(std::string("\x0A\xFF\xFF\xFF\xFF\x7F"), "t").ok());
  const std::string cut_score("\x0A\x05\x0A\x01\x61\x15\x00", 7);
  EXPECT_FALSE(vocabulary_of_sentencepiece(cut_score, "tokenizer.model").ok());
}

TEST(SentencePieceModel, OneThatIsNotBpeIsRefused) {
  std::string model = sentencepiece_model(small_vocabulary());
  model += std::string("\x12\x02\x18\x01", 4);  // trainer_spec.model_type: unigram.
  const auto vocabulary = vocabulary_of_sentencepiece(model, "tokenizer.model");
  ASSERT_FALSE(vocabulary.ok());
  EXPECT_EQ(vocabulary.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace saseo
