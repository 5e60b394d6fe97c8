#include "retrieval/question.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "retrieval/thesaurus.h"

namespace saseo {
namespace {

ParsedQuestion parse(std::string_view text) {
  Analyzer analyzer;
  return parse_question(text, analyzer, TermWeights());
}

bool has(const ParsedQuestion& question, std::string_view stem) {
  return std::ranges::any_of(question.subjects, [&](const Subject& subject) {
    return std::ranges::find(subject.stems, stem) != subject.stems.end();
  });
}

TEST(ParseQuestion, LeavesOutTheWordsThatOnlyAsk) {
  const ParsedQuestion question = parse("무선 충전은 어떻게 하는 건가요?");
  EXPECT_TRUE(has(question, "무선"));
  EXPECT_TRUE(has(question, "충전"));
  EXPECT_EQ(question.subjects.size(), 2u);
}

TEST(ParseQuestion, LeavesOutWhatTheQuestionExcludes) {
  const ParsedQuestion question = parse("스테이션 말고 본체 무게가 궁금해요");
  EXPECT_FALSE(has(question, "스테이션"));
  EXPECT_TRUE(has(question, "본체"));
  EXPECT_TRUE(has(question, "무게"));
}

TEST(ParseQuestion, KeepsCodesWholeAndTakesQuantitiesOut) {
  const ParsedQuestion code = parse("E-72라고 떴는데 뭔 뜻이야?");
  EXPECT_TRUE(std::ranges::any_of(code.subjects, &Subject::code));
  const ParsedQuestion watt = parse("25와트로 꽂으면?");
  ASSERT_TRUE(watt.subjects.front().quantity.has_value());
  EXPECT_EQ(watt.subjects.front().quantity->unit, Unit::kWatt);
}

TEST(ParseQuestion, FindsTheNounOfOneSyllableBeforeAParticle) {
  EXPECT_TRUE(has(parse("폰이 뜨거워요"), "폰"));
}

TEST(ParseQuestion, KeepsShortAndNewNounsThatTheThesaurusKnows) {
  const ParsedQuestion esim = parse("이심은 어떻게 추가해요?");
  EXPECT_TRUE(has(esim, "이심"));
  EXPECT_FALSE(has(esim, "이다"));  // Of which it may be a form.
  EXPECT_TRUE(has(parse("유심 트레이는 어떻게 꺼내나요?"), "유심"));
  EXPECT_TRUE(has(parse("앱이랑 연결할 수 있어요?"), "앱"));
}

TEST(ParseQuestion, KnowsTheWholeNounOfWhichAStemIsAPart) {
  const ParsedQuestion question = parse("출시일이 언제예요?");
  ASSERT_FALSE(question.subjects.empty());
  EXPECT_EQ(question.subjects.front().noun, "출시일");
  EXPECT_TRUE(is_part(question.subjects.front(), "출시"));
  EXPECT_FALSE(is_part(question.subjects.front(), "출시일"));
  EXPECT_EQ(parse("배터리가 닳아요").subjects.front().noun, "배터리");
}

TEST(ParseQuestion, LeavesOutHowSomethingLooksOrSounds) {
  const ParsedQuestion question = parse("거울 앞에서 빙글빙글 돌아요");
  EXPECT_TRUE(has(question, "거울"));
  EXPECT_FALSE(has(question, "빙글빙글"));
}

TEST(ParseQuestion, KeepsTheWordAfterHowManyThatIsNoUnit) {
  EXPECT_TRUE(has(parse("모터는 몇 rpm이에요?"), "rpm"));
  EXPECT_FALSE(has(parse("지문은 몇 개까지 돼요?"), "개"));
}

TEST(ParseQuestion, TellsWhatKindOfAnswerIsWanted) {
  EXPECT_TRUE(parse("지문을 등록하는 방법").kinds.how_to);
  EXPECT_TRUE(parse("How do I register a fingerprint?").kinds.how_to);
  EXPECT_TRUE(parse("지문은 몇 개까지 돼요?").kinds.quantity);
  EXPECT_TRUE(parse("얼굴로 결제도 돼요?").kinds.yes_no);
  EXPECT_TRUE(parse("Can I pay with my face?").kinds.yes_no);
  EXPECT_TRUE(parse("화면이 자꾸 멈춰요").kinds.trouble);
  EXPECT_FALSE(parse("지문을 등록하는 방법").kinds.quantity);
}

TEST(ParseQuestion, TellsASpeakerFromWordsThatAreLookedFor) {
  for (const char* spoken :
       {"소리가 먹먹하게 들려요", "무게가 얼마나 나가?", "필터는 몇 개월마다 바꿔요",
        "Where do I find the filter", "청소기가 멈췄어요."})
    EXPECT_TRUE(parse(spoken).asks) << spoken;
  for (const char* words : {"무선 충전 속도", "고대비 켜기", "filter replacement"})
    EXPECT_FALSE(parse(words).asks) << words;
}

TEST(LanguageOfQuestion, FollowsTheLetters) {
  EXPECT_EQ(language_of_question("USB-C 케이블로 충전하려면?"), Language::kKorean);
  EXPECT_EQ(language_of_question("How do I charge it?"), Language::kEnglish);
  EXPECT_EQ(language_of_question("充電するには?"), Language::kOther);
  EXPECT_EQ(language_of_question("Как зарядить телефон?"), Language::kOther);
  EXPECT_EQ(language_of_question("123?"), Language::kUnknown);
}

TEST(ParseQuestion, LeavesOutTheEnglishWordsThatOnlyAsk) {
  const ParsedQuestion question = parse("I’d really like to know why it doesn't charge anymore");
  ASSERT_EQ(question.subjects.size(), 1u);
  EXPECT_TRUE(has(question, "charg"));
  EXPECT_TRUE(question.kinds.trouble);
}

TEST(ParseQuestion, CountsVagueEnglishVerbsLessUnlessTheyAreTheGoal) {
  const auto weight_of = [](const ParsedQuestion& question, std::string_view stem) {
    for (const Subject& subject : question.subjects) {
      if (std::ranges::find(subject.stems, stem) != subject.stems.end()) return subject.weight;
    }
    return 0.0f;
  };
  const ParsedQuestion complaint = parse("the wallpaper moves while I scroll");
  EXPECT_LT(weight_of(complaint, "move"), weight_of(complaint, "wallpap"));
  const ParsedQuestion wish = parse("How do I move the wallpaper?");
  EXPECT_GT(weight_of(wish, "move"), weight_of(complaint, "move"));
}

TEST(ParseQuestion, KnowsIrregularEnglishForms) {
  EXPECT_TRUE(has(parse("someone stole it"), "steal"));
  EXPECT_TRUE(has(parse("it froze"), "freez"));
}

TEST(ParseQuestion, TakesAnEnglishPhraseForTheWordsThatManualsWrite) {
  const ParsedQuestion question = parse("Save it to a thumb drive");
  EXPECT_TRUE(std::ranges::any_of(question.subjects, [](const Subject& subject) {
    return std::ranges::any_of(subject.others,
                               [](const SubjectWord& other) { return other.word == "usb"; });
  }));
}

TEST(ParseQuestion, HearsComplaintsInEnglish) {
  EXPECT_TRUE(parse("My battery is empty by noon").asks);
  EXPECT_TRUE(parse("the app keeps closing").asks);
  EXPECT_FALSE(parse("Turning fast charging off").asks);
}

TEST(ParseQuestion, DropsTheWordsOfTheOtherLanguage) {
  Analyzer analyzer;
  ParsedQuestion question = parse_question("Where is the warranty?", analyzer, TermWeights());
  const auto holds = [&](std::string_view word) {
    return std::ranges::any_of(question.subjects.front().others,
                               [&](const SubjectWord& other) { return other.word == word; });
  };
  EXPECT_TRUE(holds("보증"));
  EXPECT_TRUE(holds("guarantee"));
  drop_translations(question, TermWeights());
  EXPECT_FALSE(holds("보증"));
  EXPECT_TRUE(holds("guarantee"));
}

TEST(ParseQuestion, SurvivesAnyText) {
  for (const std::string_view text :
       {"", "?", "몇", "몇 몇", "말고", "ㅠㅠ", "-", "E-", "25", "%", "요", "\xff\xfe",
        "가\xE0\x80", "1.2.3.4와트", "////", "a-b-c-1"}) {
    const ParsedQuestion question = parse(text);
    EXPECT_GE(question.total_weight, 0);
  }
}

TEST(Thesaurus, KnowsLoanwordsBothWaysAndHintsOneWay) {
  const auto holds = [](std::string_view word, std::string_view other) {
    return std::ranges::any_of(other_words_for(word),
                               [&](const OtherWord& found) { return found.word == other; });
  };
  EXPECT_TRUE(holds("유심", "sim"));
  EXPECT_TRUE(holds("sim", "유심"));
  EXPECT_TRUE(holds("잃어버리다", "분실"));
  EXPECT_FALSE(holds("분실", "잃어버리다"));
  EXPECT_TRUE(holds(english_stem("batteries"), "배터리"));
  EXPECT_TRUE(holds("배터리", "battery"));
  EXPECT_TRUE(holds(english_stem("rebooting"), "restart"));
  EXPECT_TRUE(other_words_for("없는낱말").empty());
  EXPECT_EQ(english_phrases_in("what is the battery life?").size(), 1u);
  EXPECT_TRUE(english_phrases_in("the battery lifetime").empty());
}

}  // namespace
}  // namespace saseo
