#include "eval/report/korean_particles.h"

#include <gtest/gtest.h>

namespace saseo::eval {
namespace {

TEST(KoreanParticles, FollowTheFinalConsonant) {
  EXPECT_EQ(with_particle("다온폰", Particle::kTopic), "다온폰은");
  EXPECT_EQ(with_particle("청소기", Particle::kTopic), "청소기는");
  EXPECT_EQ(with_particle("다온폰", Particle::kSubject), "다온폰이");
  EXPECT_EQ(with_particle("청소기", Particle::kObject), "청소기를");
  EXPECT_EQ(with_particle("다온폰", Particle::kAnd), "다온폰과");
  EXPECT_EQ(with_particle("청소기", Particle::kAnd), "청소기와");
}

TEST(KoreanParticles, DirectionTakesTheShortFormAfterRieul) {
  EXPECT_EQ(with_particle("모델", Particle::kDirection), "모델로");
  EXPECT_EQ(with_particle("다온폰", Particle::kDirection), "다온폰으로");
  EXPECT_EQ(with_particle("청소기", Particle::kDirection), "청소기로");
}

TEST(KoreanParticles, ReadDigitsAndLetters) {
  EXPECT_EQ(with_particle("9B", Particle::kTopic), "9B는");
  EXPECT_EQ(with_particle("2B", Particle::kDirection), "2B로");
  EXPECT_EQ(with_particle("모델 3", Particle::kSubject), "모델 3이");
  EXPECT_EQ(with_particle("모델 2", Particle::kSubject), "모델 2가");
}

TEST(KoreanParticles, GiveBothFormsInOtherScripts) {
  EXPECT_EQ(with_particle("модель", Particle::kTopic), "модель은(는)");
}

}  // namespace
}  // namespace saseo::eval
