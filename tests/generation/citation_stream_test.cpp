#include "generation/citation_stream.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace saseo {
namespace {

// Passages 1 to 3 are shown; they hold every sentence but those with "거짓" or "false". What is
// cited wrongly or not at all stands in passage 3.
SentenceVerdict check(std::string_view sentence, std::span<const int> cited) {
  SentenceVerdict verdict;
  if (sentence.find("거짓") != std::string_view::npos ||
      sentence.find("false") != std::string_view::npos) {
    verdict.basis = CitationBasis::kUnsupported;
    return verdict;
  }
  if (sentence.find("네.") != std::string_view::npos) return verdict;
  for (const int number : cited) {
    if (number >= 1 && number <= 3) {
      verdict.basis = CitationBasis::kCited;
      verdict.spans.push_back({number, DocumentId{1}, {0, 1}});
    } else {
      ++verdict.invented;
    }
  }
  if (verdict.spans.empty()) {
    verdict.basis = CitationBasis::kFound;
    verdict.spans.push_back({3, DocumentId{1}, {0, 1}});
  }
  if (sentence.find("99 W") != std::string_view::npos) verdict.unverified.emplace_back("99 W");
  return verdict;
}

struct Streamed {
  std::string text;  // As given to the sink.
  std::vector<std::string> pieces;
  Generated generated;
  bool found_nothing = false, wants_more = true;
};

Streamed stream(const std::vector<std::string>& pieces, bool cut = false) {
  Streamed streamed;
  CitationStream stream(check, [&](std::string_view piece) {
    streamed.text += piece;
    streamed.pieces.emplace_back(piece);
  });
  for (const std::string& piece : pieces) stream.write(piece);
  streamed.wants_more = stream.wants_more();
  stream.finish(cut);
  streamed.found_nothing = stream.found_nothing();
  streamed.generated = stream.take();
  return streamed;
}

std::string printed(const std::string& written) {
  const Streamed streamed = stream({written});
  EXPECT_EQ(streamed.text, streamed.generated.text);
  return streamed.text;
}

TEST(CitationStream, PutsCitationsAfterTheirSentenceWhereverTheyWereWritten) {
  EXPECT_EQ(printed("전원을 켜세요 [1]. 문을 닫으세요.[2] 끝났습니다. [1][2]"),
            "전원을 켜세요. [1] 문을 닫으세요. [2] 끝났습니다. [1][2]\n");
  EXPECT_EQ(printed("전원을 켜고 [1] 문을 닫으세요 [2]."), "전원을 켜고 문을 닫으세요. [1][2]\n");
  EXPECT_EQ(printed("전원을 켜세요 [1] 문을 닫으세요 [2]"),
            "전원을 켜세요 [1] 문을 닫으세요 [2]\n");
  EXPECT_EQ(printed("Press it [1], [2]. Then hold it 【1-2】."),
            "Press it. [1][2] Then hold it. [1][2]\n");
  EXPECT_EQ(printed("전원을 켜세요 [1, 2]."), "전원을 켜세요. [1][2]\n");
}

TEST(CitationStream, DropsNumbersOfNoPassage) {
  const Streamed streamed = stream({"전원을 켜세요. [1][7] 문을 닫으세요. [12]"});
  EXPECT_EQ(streamed.text, "전원을 켜세요. [1] 문을 닫으세요. [3]\n");
  EXPECT_EQ(streamed.generated.report.invented_citations, 2u);
}

TEST(CitationStream, CitesWhatTheModelDidNot) {
  EXPECT_EQ(printed("전원을 켜세요. 문을 닫으세요. [1]\n창을 여세요"),
            "전원을 켜세요. [3] 문을 닫으세요. [1]\n창을 여세요 [3]\n");
}

TEST(CitationStream, MarksWhatNoPassageHolds) {
  const Streamed streamed =
      stream({"전원을 켜세요. [1] 거짓을 말합니다. [1] 충전은 99 W입니다. [2]"});
  EXPECT_EQ(streamed.text, "전원을 켜세요. [1] 거짓을 말합니다. [?] 충전은 99 W입니다. [2][?]\n");
  ASSERT_EQ(streamed.generated.sentences.size(), 3u);
  EXPECT_FALSE(streamed.generated.sentences[0].doubtful());
  EXPECT_EQ(streamed.generated.sentences[1].basis, CitationBasis::kUnsupported);
  EXPECT_EQ(streamed.generated.sentences[2].unverified, (std::vector<std::string>{"99 W"}));
  EXPECT_EQ(streamed.generated.citations.size(), 2u);
}

TEST(CitationStream, KeepsStepNumbersBulletsAndLines) {
  EXPECT_EQ(
      printed("순서:\n1. 전원을 켜세요. [1]\n2) 문을 닫으세요. [2]\n   - 천천히 하세요\n\n끝."),
      "순서: [3]\n1. 전원을 켜세요. [1]\n2) 문을 닫으세요. [2]\n   - 천천히 하세요 [3]\n\n끝. "
      "[3]\n");
  const Streamed streamed = stream({"1. 전원을 켜세요. [1]"});
  ASSERT_EQ(streamed.generated.citations.size(), 1u);
  const ByteSpan span = streamed.generated.citations[0].answer_span;
  EXPECT_EQ(streamed.text.substr(span.begin, span.size()), "전원을 켜세요.");
}

TEST(CitationStream, TakesALineOfCitationsForTheSentenceBefore) {
  EXPECT_EQ(printed("전원을 켜세요.\n[1]\n문을 닫으세요.\n[2]"),
            "전원을 켜세요. [1]\n문을 닫으세요. [2]\n");
}

TEST(CitationStream, TakesACitationBeforeALineForThatLine) {
  EXPECT_EQ(printed("[1] 전원을 켜세요.\n[2] 문을 닫으세요."),
            "전원을 켜세요. [1]\n문을 닫으세요. [2]\n");
}

TEST(CitationStream, KeepsOtherBracketsAndNumbers) {
  EXPECT_EQ(printed("[설정]을 누르고 3.5초 뒤 E-21. [1] 값[참고]은 2.0입니다."),
            "[설정]을 누르고 3.5초 뒤 E-21. [1] 값[참고]은 2.0입니다. [3]\n");
}

TEST(CitationStream, LeavesOutEmphasisHeadingMarksAndControlCharacters) {
  EXPECT_EQ(printed("## 켜기\n**전원**을 \x1b[31m켜세요\x07. [1]\n* 문을 \u202E닫으세요. [2]"),
            "켜기 [3]\n전원을 [31m켜세요. [1]\n• 문을 닫으세요. [2]\n");
}

TEST(CitationStream, SaysNothingWhenTheModelSaysThatTheManualIsSilent) {
  for (const char* phrase :
       {"설명서에 답이 없습니다.", "**설명서에 답이 없습니다.**\n", "The manual does not say.",
        "거짓. 설명서에는 답이 없습니다. 하지만 전원을 켜세요. [1]"}) {
    const Streamed streamed = stream({phrase});
    EXPECT_TRUE(streamed.found_nothing) << phrase;
    EXPECT_TRUE(streamed.generated.text.empty()) << phrase;
    EXPECT_TRUE(streamed.pieces.empty()) << phrase;
    EXPECT_TRUE(streamed.generated.report.said_silent) << phrase;
  }
  EXPECT_FALSE(stream({"설명서에 답이 없습니다. ", "그렇지만 "}).wants_more);
}

TEST(CitationStream, KeepsAPartThatTheManualIsSilentOnInAnAnswer) {
  const Streamed streamed = stream({"전원을 켜세요. [1] 설명서에 답이 없습니다."});
  EXPECT_EQ(streamed.text, "전원을 켜세요. [1] 설명서에 답이 없습니다.\n");
  EXPECT_FALSE(streamed.generated.report.said_silent);
}

TEST(CitationStream, ShowsNothingOfAnAnswerThatStandsNowhere) {
  const Streamed streamed = stream({"거짓을 아주 길게 말합니다. [1] 거짓을 또 다시 말합니다."});
  EXPECT_TRUE(streamed.found_nothing);
  EXPECT_TRUE(streamed.pieces.empty());
  EXPECT_TRUE(streamed.generated.text.empty());
}

TEST(CitationStream, WantsNoMoreOfAModelThatGoesOnWithWhatStandsNowhere) {
  const std::string sentence = "거짓을 길게 말합니다. ";
  std::string written;
  for (int i = 1; i <= 5; ++i) {
    EXPECT_TRUE(stream({written}).wants_more) << i;
    written += std::to_string(i) + sentence;
  }
  written += "끝";
  EXPECT_FALSE(stream({written}).wants_more);
  EXPECT_FALSE(stream({std::string(3000, 'x') + " 거짓 x y"}).wants_more);
  // The same whatever comes with it in one piece.
  EXPECT_TRUE(stream({written + ". 전원을 켜세요. [1]"}).found_nothing);
  EXPECT_FALSE(stream({"1" + sentence + "전원을 켜세요. [1] " + written}).found_nothing);
}

TEST(CitationStream, ShowsDoubtfulBeginningsOnceSomethingStands) {
  EXPECT_EQ(printed("거짓. 전원을 켜세요. [1]"), "거짓. [?] 전원을 켜세요. [1]\n");
}

TEST(CitationStream, StreamsASentenceBeforeItEnds) {
  std::string shown;
  CitationStream stream(check, [&](std::string_view piece) { shown += piece; });
  stream.write("전원 버튼을 오래 ");
  EXPECT_EQ(shown, "전원 버튼을 오래");
  stream.write("누르세요");
  EXPECT_EQ(shown, "전원 버튼을 오래 누르세요");
  stream.write(" [");
  EXPECT_EQ(shown, "전원 버튼을 오래 누르세요");
  stream.write("1");
  EXPECT_EQ(shown, "전원 버튼을 오래 누르세요");
  stream.write("]. 그");
  EXPECT_EQ(shown, "전원 버튼을 오래 누르세요. [1] 그");
}

TEST(CitationStream, EndsACutSentenceWithAnEllipsisAndNoMark) {
  EXPECT_EQ(stream({"전원을 켜세요. [1] 거짓을 말하"}, true).text,
            "전원을 켜세요. [1] 거짓을 말하 …\n");
  EXPECT_EQ(stream({"전원을 켜세요. [1] 문을 닫으세요."}, true).text,
            "전원을 켜세요. [1] 문을 닫으세요. [3]\n");
}

TEST(CitationStream, WantsNoMoreOfAModelThatRepeatsItself) {
  const std::string sentence = "전원 버튼을 길게 누르세요. [1]\n";
  EXPECT_TRUE(stream({sentence, sentence, sentence, "끝"}).wants_more);
  EXPECT_FALSE(stream({sentence, sentence, sentence, sentence, "끝"}).wants_more);
}

// However the model's words come, the same is said.
TEST(CitationStream, SaysTheSameForEveryWayOfCuttingTheInput) {
  const std::vector<std::string> texts = {
      "1. 전원을 켜세요 [1].\n2. 문을 **닫으세요**.[2] 거짓을 말합니다 [9]\n\n［1, 2］ 끝 [설정 [1",
      "[출처 1] Press [OK], [1], [2]. e.g. 3.5 mm... Then \"hold it.\" 【1-3】\n* One [^1]\n## "
      "Two\n[2]\n",
      "네. 거짓. 충전은 99 W입니다[2]만 3.5초.[1]다음 줄 - 끝.\n-\n[1],\n[2] 설명서에 답이 "
      "없습니다.",
      "\xEC\xA0 잘린 \xFF글자 \xE3 [1]\xEC\xA0",
      "",
      "\n\n [1] \n",
      "설명서에 답이 없습니다."};
  for (const std::string& text : texts) {
    const Streamed whole = stream({text});
    EXPECT_EQ(whole.text, whole.generated.text);
    const auto expect_same = [&](const Streamed& other, const std::string& how) {
      EXPECT_EQ(other.text, whole.text) << how << ": " << text;
      EXPECT_EQ(other.generated.text, whole.text) << how;
      ASSERT_EQ(other.generated.sentences.size(), whole.generated.sentences.size()) << how;
      for (std::size_t i = 0; i < whole.generated.sentences.size(); ++i) {
        EXPECT_EQ(other.generated.sentences[i].answer_span,
                  whole.generated.sentences[i].answer_span);
        EXPECT_EQ(other.generated.sentences[i].numbers, whole.generated.sentences[i].numbers);
      }
      for (const std::string& piece : other.pieces) EXPECT_TRUE(is_valid_utf8(piece)) << how;
    };
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      expect_same(stream({text.substr(0, cut), text.substr(cut)}), "cut at " + std::to_string(cut));
    }
    for (std::size_t size = 1; size <= 7; ++size) {
      std::vector<std::string> pieces;
      for (std::size_t i = 0; i < text.size(); i += size) pieces.push_back(text.substr(i, size));
      expect_same(stream(pieces), "pieces of " + std::to_string(size));
    }
  }
}

}  // namespace
}  // namespace saseo
