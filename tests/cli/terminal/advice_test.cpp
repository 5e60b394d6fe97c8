#include "cli/terminal/advice.h"

#include <gtest/gtest.h>

#include <set>

#include "base/utf8.h"

namespace saseo::cli {
namespace {

std::vector<Advice> every_advice() {
  std::vector<Advice> all;
  for (int kind = 0; kind <= static_cast<int>(kLastAdviceKind); ++kind)
    all.push_back({static_cast<AdviceKind>(kind), "SUBJECT"});
  return all;
}

// The terminal's words for a reader of the language.
app::Wording in(Language language) { return {language, words_of}; }

bool has_hangul(const std::string& text) { return std::ranges::any_of(to_utf32(text), is_hangul); }

TEST(Advice, OfEveryKindHasATextOfItsOwnInBothLanguages) {
  std::set<std::string> english, korean;
  for (const Advice& advice : every_advice()) {
    const Message words = words_of(advice);
    EXPECT_FALSE(words.english.empty()) << static_cast<int>(advice.kind);
    EXPECT_FALSE(has_hangul(words.english)) << words.english;
    EXPECT_TRUE(has_hangul(words.korean)) << words.korean;
    EXPECT_FALSE(words.english.ends_with('.')) << words.english;
    EXPECT_FALSE(words.korean.ends_with('.')) << words.korean;
    EXPECT_EQ(words.english.find("SUBJECT") == std::string::npos,
              words.korean.find("SUBJECT") == std::string::npos)
        << words.english;
    EXPECT_TRUE(english.insert(words.english).second) << words.english;
    EXPECT_TRUE(korean.insert(words.korean).second) << words.korean;
  }
}

TEST(Advice, NamesWhatItIsAbout) {
  EXPECT_NE(words_of({AdviceKind::kRegisterModelAs, "gemma"}).korean.find("--name gemma"),
            std::string::npos);
  EXPECT_EQ(words_of({AdviceKind::kLowerContext, "512"}).english, "--context 512 would fit");
}

TEST(Advice, FollowsAFragmentAfterASemicolonAndInKoreanAsASentence) {
  const Error error =
      make_error(ErrorCode::kNotFound, "the library is empty", "라이브러리가 비어 있습니다")
          .advise(AdviceKind::kIngestDocuments);
  EXPECT_EQ(in(Language::kEnglish).tell(error),
            "the library is empty; run `saseo ingest PATH...` first");
  EXPECT_EQ(in(Language::kKorean).tell(error),
            "라이브러리가 비어 있습니다. 먼저 `saseo ingest 경로...`를 실행하세요");
}

TEST(Advice, FollowsSentencesAsAnother) {
  const Error error = make_error(ErrorCode::kLimit, "It is long.", "깁니다.")
                          .advise(AdviceKind::kAskWithLessText)
                          .advise(AdviceKind::kRaiseContext);
  EXPECT_EQ(in(Language::kEnglish).tell(error),
            "It is long. Ask with less text, or raise --context.");
  EXPECT_EQ(in(Language::kKorean).tell(error), "깁니다. 글을 줄이세요. 또는 --context를 늘리세요.");
}

TEST(Advice, IsNothingWhereThereIsNone) {
  EXPECT_EQ(in(Language::kKorean).tell(Message("a", "가")), "가");
  EXPECT_EQ(in(Language::kEnglish).tell(Message("a", "가")), "a");
}

TEST(Advice, IsLeftOutByADoorWithoutWordsForIt) {
  const Error error = make_error(ErrorCode::kNotFound, "nothing there", "없습니다")
                          .advise(AdviceKind::kIngestDocuments);
  EXPECT_EQ((app::Wording{Language::kEnglish, nullptr}.tell(error)), "nothing there");
}

}  // namespace
}  // namespace saseo::cli
