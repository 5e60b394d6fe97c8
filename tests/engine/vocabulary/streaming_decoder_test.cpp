#include "engine/vocabulary/streaming_decoder.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "tests/engine/made_vocabulary.h"

namespace saseo {
namespace {

TokenId byte(int value) { return kFirstByte + value; }

TEST(StreamingDecoder, GivesAPieceAtOnce) {
  const Tokenizer tokenizer(made_vocabulary({"▁안녕", "하세요"}));
  StreamingDecoder decoder(tokenizer);
  EXPECT_EQ(decoder.push(kFirstPiece), " 안녕");
  EXPECT_EQ(decoder.push(kFirstPiece + 1), "하세요");
  EXPECT_EQ(decoder.flush(), "");
}

TEST(StreamingDecoder, CollectsTheBytesOfACharacter) {
  const Tokenizer tokenizer(made_vocabulary({}));
  StreamingDecoder decoder(tokenizer);
  EXPECT_EQ(decoder.push(byte(0xF0)), "");
  EXPECT_EQ(decoder.push(byte(0x9F)), "");
  EXPECT_EQ(decoder.push(byte(0x98)), "");
  EXPECT_EQ(decoder.push(byte(0x80)), "😀");
  EXPECT_EQ(decoder.push(byte('a')), "a");
}

TEST(StreamingDecoder, GivesNothingForControlTokensAndLetsThemPassWithinACharacter) {
  const Tokenizer tokenizer(made_vocabulary({}));
  StreamingDecoder decoder(tokenizer);
  EXPECT_EQ(decoder.push(kStartOfTurn), "");
  EXPECT_EQ(decoder.push(byte(0xC3)), "");
  EXPECT_EQ(decoder.push(kEndOfTurn), "");
  EXPECT_EQ(decoder.push(byte(0xA9)), "é");
}

TEST(StreamingDecoder, MarksWhatIsNoCharacter) {
  const Tokenizer tokenizer(made_vocabulary({"a"}));
  StreamingDecoder decoder(tokenizer);
  EXPECT_EQ(decoder.push(byte(0xFF)), "\uFFFD");
  EXPECT_EQ(decoder.push(byte(0xEA)), "");
  EXPECT_EQ(decoder.push(kFirstPiece), "\uFFFDa");
  EXPECT_EQ(decoder.push(byte(0x80)), "\uFFFD");
  EXPECT_EQ(decoder.push(byte(0xF0)), "");
  EXPECT_EQ(decoder.push(byte(0x9F)), "");
  EXPECT_EQ(decoder.flush(), "\uFFFD\uFFFD");
  EXPECT_EQ(decoder.flush(), "");
}

TEST(StreamingDecoder, LeavesOutTheSpaceThatTheVocabularyPutsInFrontOfEachText) {
  Vocabulary vocabulary = made_vocabulary({"▁a"});
  vocabulary.add_space_prefix = true;
  const Tokenizer tokenizer(std::move(vocabulary));
  StreamingDecoder decoder(tokenizer);
  EXPECT_EQ(decoder.push(kFirstPiece), "a");
  EXPECT_EQ(decoder.push(kFirstPiece), " a");
  decoder.flush();
  EXPECT_EQ(decoder.push(kFirstPiece), "a");
}

TEST(StreamingDecoder, AddsUpToTheWholeTextAndIsUtf8AtEveryStepForAnyBytes) {
  const Tokenizer tokenizer(made_vocabulary({}));
  std::uint32_t state = 7;
  for (int round = 0; round < 300; ++round) {
    StreamingDecoder decoder(tokenizer);
    std::string bytes;
    std::string text;
    for (int i = 0; i < 24; ++i) {
      state = state * 1664525u + 1013904223u;
      // Mostly lead and continuation bytes, where the borders are.
      const int value = static_cast<int>(state >> 24) | (state & 0x10000 ? 0x80 : 0);
      bytes.push_back(static_cast<char>(value));
      const std::string step = decoder.push(byte(value));
      ASSERT_TRUE(is_valid_utf8(step));
      text += step;
    }
    text += decoder.flush();
    EXPECT_EQ(text, repair_utf8(bytes));
  }
}

}  // namespace
}  // namespace saseo
