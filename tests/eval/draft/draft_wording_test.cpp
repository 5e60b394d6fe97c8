#include "eval/draft/draft_wording.h"

#include <gtest/gtest.h>

#include "eval/draft/draft_candidates.h"
#include "eval/report/korean_particles.h"

namespace saseo::eval {
namespace {

using Facts = std::vector<std::vector<std::string>>;
constexpr Language kKo = Language::kKorean, kEn = Language::kEnglish;

TEST(KoreanParticles, FollowTheSoundOfTheWordBefore) {
  const auto topic = [](std::string_view word) { return with_particle(word, Particle::kTopic); };
  EXPECT_EQ(topic("필터"), "필터는");
  EXPECT_EQ(topic("봉투함"), "봉투함은");
  EXPECT_EQ(with_particle("물걸레", Particle::kObject), "물걸레를");
  EXPECT_EQ(with_particle("물통", Particle::kObject), "물통을");
  EXPECT_EQ(with_particle("물", Particle::kDirection), "물로");
  EXPECT_EQ(with_particle("물통", Particle::kDirection), "물통으로");
  EXPECT_EQ(topic("크기(가로 × 세로 × 높이)"), "크기(가로 × 세로 × 높이)는");
  EXPECT_EQ(topic("‘저장’"), "‘저장’은");
}

TEST(KoreanParticles, DigitsAndLettersAreTakenAsTheyAreRead) {
  const auto subject = [](std::string_view word) {
    return with_particle(word, Particle::kSubject);
  };
  const std::vector<std::string> read = {"E-20이", "E-21이", "E-22가", "E-23이", "E-24가",
                                         "E-25가", "E-26이", "E-27이", "E-28이", "E-29가"};
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(subject("E-2" + std::to_string(i)), read[i]);
  }
  EXPECT_EQ(subject("USB"), "USB가");
  EXPECT_EQ(subject("HDMI"), "HDMI가");
  EXPECT_EQ(subject("FM"), "FM이");
  EXPECT_EQ(subject("Wi-Fi"), "Wi-Fi가");
  EXPECT_EQ(subject("Screen"), "Screen이");
  EXPECT_EQ(subject("30 %"), "30 %가");
  EXPECT_EQ(with_particle("URL", Particle::kDirection), "URL로");
  EXPECT_EQ(with_particle("電源", Particle::kTopic), "電源은(는)");
}

TEST(DraftWording, KoreanHeadingsOfProceduresBecomeQuestions) {
  const auto ask = [](std::vector<std::string> path) { return how_to_question(kKo, path); };
  EXPECT_EQ(ask({"지도", "지도 만들기"}), "지도 만들려면 어떻게 해야 하나요?");
  EXPECT_EQ(ask({"걸레와 물통 씻기"}), "걸레와 물통 씻으려면 어떻게 해야 하나요?");
  EXPECT_EQ(ask({"펌웨어 업데이트", "업데이트하기"}), "펌웨어 업데이트는 어떻게 하나요?");
  EXPECT_EQ(ask({"앱", "연결하기"}), "‘앱’에서 연결하려면 어떻게 해야 하나요?");
  EXPECT_EQ(ask({"초기화", "네트워크 초기화"}), "네트워크 초기화는 어떻게 하나요?");
  EXPECT_EQ(ask({"손질", "먼지통과 필터"}), "먼지통과 필터는 어떻게 다루나요?");
  // A noun that ends like a verb made a noun.
  EXPECT_EQ(ask({"준비", "로봇 청소기"}), "로봇 청소기는 어떻게 다루나요?");
}

TEST(DraftWording, EnglishHeadingsOfProceduresBecomeQuestions) {
  const auto ask = [](const std::string& heading) { return how_to_question(kEn, {heading}); };
  EXPECT_EQ(ask("Replace the battery"), "How do I replace the battery?");
  EXPECT_EQ(ask("How to reset the lamp"), "How do I reset the lamp?");
  EXPECT_EQ(ask("Replacing the battery"), "What are the steps for replacing the battery?");
  EXPECT_EQ(ask("USB connection"), "What are the steps for \"USB connection\"?");
}

TEST(DraftWording, CellsOfTablesBecomeQuestionsAndAnswers) {
  const LookUp weight{"본체", "무게", "", "3.9 kg"};
  EXPECT_EQ(look_up_question(kKo, weight), "본체의 무게는 얼마인가요?");
  EXPECT_EQ(look_up_answer(kKo, weight), "본체의 무게는 3.9 kg입니다.");
  const LookUp noise{"청소 모드별 성능(마루 기준)", "조용히", "소음", "54 dB(A)"};
  EXPECT_EQ(look_up_question(kKo, noise), "‘청소 모드별 성능’에서 조용히의 소음은 얼마인가요?");
  EXPECT_EQ(look_up_question(kKo, {"부품", "물걸레", "교체 시기", "4개월"}),
            "‘부품’에서 물걸레의 교체 시기는 언제인가요?");
  EXPECT_EQ(look_up_question(kKo, {"분리배출", "상자", "버리는 곳", "종이류"}),
            "‘분리배출’에서 상자의 버리는 곳은 무엇인가요?");
  EXPECT_EQ(look_up_question(kEn, {"Modes", "Quiet", "Noise", "54 dB"}),
            "In \"Modes\", what is the noise for Quiet?");
  EXPECT_EQ(look_up_answer(kEn, {"Robot", "Weight", "", "3.9 kg"}),
            "The weight of the robot is 3.9 kg.");
}

TEST(DraftWording, ErrorsAndSymptomsBecomeQuestions) {
  EXPECT_EQ(symptom_question(kKo, "E-21", false), "오류 코드 E-21이 나오면 어떻게 해야 하나요?");
  EXPECT_EQ(symptom_question(kKo, "신호가 약합니다", true),
            "‘신호가 약합니다’라고 나오면 어떻게 해야 하나요?");
  EXPECT_EQ(symptom_question(kEn, "E-21", false), "What should I do when error code E-21 appears?");
  EXPECT_EQ(trouble_question(kKo, "냄새가 나요"), "냄새가 나요. 어떻게 해야 하나요?");
  EXPECT_EQ(trouble_question(kKo, "과열되었을 때"), "과열되었을 때 어떻게 해야 하나요?");
  EXPECT_TRUE(is_error_code("E-21") && is_error_code("F04") && is_error_code("ERR 7"));
  EXPECT_FALSE(is_error_code("DR-R100") || is_error_code("USB") || is_error_code("21") ||
               is_error_code("E-12345"));
}

TEST(DraftWording, WhatCanBeDoneIsAskedWhatMayBefallIsNot) {
  const auto can = yes_no_question(kKo, "지도는 최대 4장까지 저장할 수 있습니다.");
  ASSERT_TRUE(can.has_value());
  EXPECT_EQ(can->question, "지도는 최대 4장까지 저장할 수 있나요?");
  EXPECT_EQ(can->answer, "네. 지도는 최대 4장까지 저장할 수 있습니다.");
  const auto cannot = yes_no_question(kKo, "지운 지도는 되살릴 수 없습니다.");
  ASSERT_TRUE(cannot.has_value());
  EXPECT_EQ(cannot->question, "지운 지도는 되살릴 수 있나요?");
  EXPECT_FALSE(cannot->yes);
  EXPECT_FALSE(yes_no_question(kKo, "덜 마른 필터를 끼우면 감전되거나 다칠 수 있습니다."));
  EXPECT_FALSE(yes_no_question(kKo, "그 날짜에 예약을 다시 켤 수 있습니다."));
  const auto english = yes_no_question(kEn, "You cannot use your own charger with it.");
  ASSERT_TRUE(english.has_value());
  EXPECT_EQ(english->question, "Can I use my own charger with it?");
  EXPECT_EQ(english->answer, "No. You cannot use your own charger with it.");
}

TEST(DraftFacts, QuantitiesComeFirstWithTheirSpellings) {
  EXPECT_EQ(facts_of("약 4시간 30분이 걸리고 최대 1,200 Pa입니다. [저장]을 누르세요.", 3),
            (Facts{{"4시간 30분"}, {"1,200 Pa", "1,200Pa", "1200 Pa", "1200Pa"}, {"저장"}}));
  EXPECT_EQ(facts_of("8 mm, 9 mm, 10 mm", 2), (Facts{{"8 mm", "8mm"}, {"9 mm", "9mm"}}));
  EXPECT_TRUE(facts_of("아무것도 없습니다", 3).empty());
}

TEST(DraftSilence, NeighboursAreAskedOnlyWhereTheManualIsSilent) {
  const std::string manual = "카메라로 봅니다. 배터리는 하나입니다. 색상은 흰색입니다.";
  bool megapixels = false, colours = false;
  for (const SilentQuestion& silent : silent_questions(manual, "온새봇 C7", kKo)) {
    megapixels = megapixels || silent.text == "온새봇 C7에 달린 카메라는 몇 화소인가요?";
    colours = colours || silent.text.find("색상") != std::string::npos;
    EXPECT_FALSE(silent.absent.empty());
  }
  EXPECT_TRUE(megapixels);
  EXPECT_FALSE(colours);
  // No camera: nothing to ask about it.
  for (const SilentQuestion& silent : silent_questions("배터리", "온새봇 C7", kKo)) {
    EXPECT_EQ(silent.text.find("카메라"), std::string::npos);
  }
}

}  // namespace
}  // namespace saseo::eval
