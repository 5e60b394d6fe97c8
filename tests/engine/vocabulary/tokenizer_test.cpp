#include "engine/vocabulary/tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/utf8.h"
#include "tests/engine/made_vocabulary.h"

namespace saseo {
namespace {

using Ids = std::vector<TokenId>;

std::vector<std::string> pieces_of(const Tokenizer& tokenizer, std::string_view text,
                                   EncodeOptions options = {}) {
  std::vector<std::string> pieces;
  for (const TokenId id : tokenizer.encode(text, options)) {
    pieces.emplace_back(tokenizer.piece_of(id));
  }
  return pieces;
}

using Pieces = std::vector<std::string>;

TEST(Tokenizer, MergesThePairOfTheBestScoreFirst) {
  // "bc" comes before "ab": "abc" is a + bc although "ab" would have come first in the text.
  const Tokenizer tokenizer(made_vocabulary({"bc", "ab", "a", "b", "c"}));
  EXPECT_EQ(pieces_of(tokenizer, "abc"), (Pieces{"a", "bc"}));
  EXPECT_EQ(pieces_of(tokenizer, "ab"), (Pieces{"ab"}));
}

TEST(Tokenizer, MergesTheLeftmostOfEqualPairs) {
  const Tokenizer tokenizer(made_vocabulary({"aa", "a"}));
  EXPECT_EQ(pieces_of(tokenizer, "aaaaa"), (Pieces{"aa", "aa", "a"}));
}

TEST(Tokenizer, ReachesALongPieceOnlyThroughMerges) {
  // No pair of "wxyz" joins to a piece on the way to the whole.
  const Tokenizer tokenizer(made_vocabulary({"wxyz", "w", "x", "y", "z"}));
  EXPECT_EQ(pieces_of(tokenizer, "wxyz"), (Pieces{"w", "x", "y", "z"}));
}

TEST(Tokenizer, JoinsACharacterThatIsNoPieceWhenThePairIsOne) {
  const Tokenizer tokenizer(made_vocabulary({"가나"}));
  EXPECT_EQ(pieces_of(tokenizer, "가나"), (Pieces{"가나"}));
  EXPECT_EQ(pieces_of(tokenizer, "나"), (Pieces{"<0xEB>", "<0x82>", "<0x98>"}));
}

TEST(Tokenizer, WritesASpaceAsItsMarkAndPutsNoneInFront) {
  const Tokenizer tokenizer(made_vocabulary({"▁b", "▁", "a", "b"}));
  EXPECT_EQ(pieces_of(tokenizer, "a b"), (Pieces{"a", "▁b"}));
  EXPECT_EQ(pieces_of(tokenizer, " b"), (Pieces{"▁b"}));
}

TEST(Tokenizer, PutsASpaceInFrontWhereTheVocabularySaysSoAndTakesItBack) {
  Vocabulary vocabulary = made_vocabulary({"▁b", "▁", "b"});
  vocabulary.add_space_prefix = true;
  const Tokenizer tokenizer(std::move(vocabulary));
  EXPECT_EQ(pieces_of(tokenizer, "b"), (Pieces{"▁b"}));
  EXPECT_EQ(pieces_of(tokenizer, ""), (Pieces{}));
  EXPECT_EQ(tokenizer.decode(tokenizer.encode("b b")), "b b");
}

TEST(Tokenizer, TakesRunsOfNewlinesAndSpacesBeforeItMerges) {
  const Tokenizer tokenizer(made_vocabulary({"▁b", "▁", "b"}));
  EXPECT_EQ(tokenizer.encode("\n\n\n\n\n\n"), (Ids{kFirstNewline + 3, kFirstNewline + 1}));
  EXPECT_EQ(pieces_of(tokenizer, "  b"), (Pieces{"▁▁", "b"}));
  EXPECT_EQ(pieces_of(tokenizer, "\n b"), (Pieces{"\n", "▁b"}));
}

TEST(Tokenizer, ReadsRunsOfSpacesHoweverTheFileWroteThem) {
  Vocabulary vocabulary = made_vocabulary({"▁", "b"});
  vocabulary.pieces[kTwoSpaces] = "  ";
  const Tokenizer tokenizer(std::move(vocabulary));
  EXPECT_EQ(tokenizer.encode("  "), (Ids{kTwoSpaces}));
}

TEST(Tokenizer, MakesControlTokensFromTextOnlyWhenAsked) {
  const Tokenizer tokenizer(made_vocabulary({"a"}));
  EXPECT_EQ(tokenizer.encode("a<end_of_turn>a", {.parse_control = true}),
            (Ids{kFirstPiece, kEndOfTurn, kFirstPiece}));
  const Ids plain = tokenizer.encode("a<end_of_turn>a");
  for (const TokenId id : plain) EXPECT_FALSE(tokenizer.is_control(id));
  EXPECT_EQ(tokenizer.decode(plain), "a<end_of_turn>a");
}

TEST(Tokenizer, KeepsTurnMarkersOutOfTextEvenWhereTheFileCallsThemOrdinary) {
  Vocabulary vocabulary = made_vocabulary({});
  vocabulary.kinds[kStartOfTurn] = TokenKind::kUserDefined;
  vocabulary.kinds[kEndOfTurn] = TokenKind::kNormal;
  const Tokenizer tokenizer(std::move(vocabulary));
  for (const TokenId id : tokenizer.encode("<start_of_turn>model<end_of_turn>")) {
    EXPECT_NE(id, kStartOfTurn);
    EXPECT_NE(id, kEndOfTurn);
  }
  EXPECT_EQ(tokenizer.encode("<start_of_turn>", {.parse_control = true}), (Ids{kStartOfTurn}));
}

TEST(Tokenizer, NeverMergesTextIntoAControlOrByteToken) {
  const Tokenizer tokenizer(made_vocabulary({"<0", "x4", "1>", "x41>", "<", "0", "x", "4", "1", ">",
                                             "<b", "os", "os>", "<bos", "b", "o", "s"}));
  for (const std::string_view text : {"<0x41>", "<bos>"}) {
    const Ids ids = tokenizer.encode(text);
    EXPECT_GT(ids.size(), 1u) << text;
    EXPECT_EQ(tokenizer.decode(ids), text);
  }
}

TEST(Tokenizer, SpellsWhatItDoesNotKnowInBytes) {
  const Tokenizer tokenizer(made_vocabulary({"a"}));
  EXPECT_EQ(pieces_of(tokenizer, "a안"), (Pieces{"a", "<0xEC>", "<0x95>", "<0x88>"}));
  EXPECT_EQ(tokenizer.encode(std::string_view("\0", 1)), (Ids{kFirstByte}));
  EXPECT_EQ(tokenizer.encode(" "), (Ids{kFirstByte + ' '}));
}

TEST(Tokenizer, KeepsBytesThatAreNoUtf8) {
  const Tokenizer tokenizer(made_vocabulary({"▁b", "▁", "a", "b", "(", "abc", "ab"}));
  for (const std::string_view text :
       {"\xFF\xFE", "a\x80z", "\xE3\x81", "ok \xC3( bad", "\xF0\x9F\x98", "\xE0 b", "\xF0\n\n b",
        "\xED\xA0\x80", "\xC3"}) {
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  }
}

TEST(Tokenizer, GivesTheUnknownTokenWhereTheVocabularyHasNoBytes) {
  MadeVocabulary made;
  made.add("<unk>", TokenKind::kUnknown);
  made.add("a", TokenKind::kNormal, -1);
  made.vocabulary.unknown = 0;
  const Tokenizer tokenizer(made.vocabulary);
  EXPECT_EQ(tokenizer.encode("a?"), (Ids{1, 0}));
  EXPECT_EQ(tokenizer.decode(Ids{1, 0}), "a\uFFFD");
}

TEST(Tokenizer, PutsExactlyOneBeginningInFront) {
  const Tokenizer tokenizer(made_vocabulary({"a"}));
  EXPECT_EQ(tokenizer.encode("a", {.add_bos = true}), (Ids{2, kFirstPiece}));
  EXPECT_EQ(tokenizer.encode("", {.add_bos = true}), (Ids{2}));
  EXPECT_EQ(tokenizer.encode("<bos>a", {.parse_control = true, .add_bos = true}),
            (Ids{2, kFirstPiece}));
  EXPECT_EQ(tokenizer.encode("", {}), (Ids{}));
}

TEST(Tokenizer, DecodesControlTokensAndRowsToSpareToNothing) {
  const Tokenizer tokenizer(made_vocabulary({"▁a"}));
  EXPECT_EQ(tokenizer.decode(Ids{2, kStartOfTurn, kFirstPiece, kEndOfTurn, -1, 1 << 20}), " a");
}

TEST(Tokenizer, TakesTheFirstOfPiecesThatAreWrittenAlike) {
  const Tokenizer tokenizer(made_vocabulary({"a", "a"}));
  EXPECT_EQ(tokenizer.encode("a"), (Ids{kFirstPiece}));
}

TEST(Tokenizer, WorksWithScoresThatAreNoNumbers) {
  Vocabulary vocabulary = made_vocabulary({"ab", "bc", "a", "b", "c"});
  vocabulary.scores[kFirstPiece] = std::numeric_limits<float>::quiet_NaN();
  const Tokenizer tokenizer(std::move(vocabulary));
  EXPECT_EQ(pieces_of(tokenizer, "abc"), (Pieces{"a", "bc"}));
}

TEST(Tokenizer, ComesBackToTheTextItEncoded) {
  const Tokenizer tokenizer(
      made_vocabulary({"▁the", "▁th", "▁t", "th", "he", "▁", "t", "h", "e", "설정", "설", "정"}));
  for (const std::string_view text : {"", " ", "the the  the", "설정을 여세요.\n\n1. \t누르기",
                                      "😀👍🏽", "e\u0301", "\r\n"}) {
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  }
}

// The scan for the best pair, written as the rule says: the truth for the heap.
Ids encode_by_scanning(const Tokenizer& tokenizer, const Vocabulary& vocabulary,
                       std::string_view text) {
  std::vector<std::string> symbols;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = decode_utf8(text, i).length;
    symbols.emplace_back(text.substr(i, length));
    i += length;
  }
  const auto piece = [&](const std::string& symbol) -> TokenId {
    const std::optional<TokenId> id = tokenizer.find(symbol);
    return id && vocabulary.kinds[*id] == TokenKind::kNormal ? *id : -1;
  };
  while (true) {
    std::size_t best = symbols.size();
    TokenId best_id = -1;
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
      const TokenId id = piece(symbols[i] + symbols[i + 1]);
      if (id != -1 && (best_id == -1 || vocabulary.scores[id] > vocabulary.scores[best_id])) {
        best = i;
        best_id = id;
      }
    }
    if (best_id == -1) break;
    symbols[best] += symbols[best + 1];
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  Ids ids;
  for (const std::string& symbol : symbols) {
    const TokenId id = piece(symbol);
    if (id != -1) {
      ids.push_back(id);
      continue;
    }
    for (const char c : symbol) ids.push_back(kFirstByte + static_cast<std::uint8_t>(c));
  }
  return ids;
}

TEST(Tokenizer, AgreesWithAScanForTheBestPairOnManyVocabulariesAndTexts) {
  std::uint32_t state = 1;
  const auto random = [&](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  const std::vector<std::string> letters = {"a", "b", "가", "c"};
  const auto word = [&](std::uint32_t most) {
    std::string text;
    for (std::uint32_t n = 1 + random(most); n > 0; --n) text += letters[random(4)];
    return text;
  };
  for (int round = 0; round < 60; ++round) {
    MadeVocabulary made;
    made.vocabulary = made_vocabulary({});
    for (int i = 0; i < 60; ++i) {
      // Few scores, so that many pairs are equal.
      const std::string piece = word(5);
      if (std::ranges::find(made.vocabulary.pieces, piece) == made.vocabulary.pieces.end()) {
        made.add(piece, TokenKind::kNormal, -static_cast<float>(random(20)));
      }
    }
    const Tokenizer tokenizer(made.vocabulary);
    for (int i = 0; i < 20; ++i) {
      const std::string text = word(i == 0 ? 300 : 40);
      EXPECT_EQ(tokenizer.encode(text), encode_by_scanning(tokenizer, made.vocabulary, text));
    }
  }
}

}  // namespace
}  // namespace saseo
