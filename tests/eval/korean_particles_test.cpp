#include "eval/korean_particles.h"

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

TEST(KoreanParticles, WithTakesTheShortFormAfterRieul) {
  EXPECT_EQ(with_particle("모델", Particle::kWith), "모델로");
  EXPECT_EQ(with_particle("다온폰", Particle::kWith), "다온폰으로");
  EXPECT_EQ(with_particle("청소기", Particle::kWith), "청소기로");
}

TEST(KoreanParticles, GiveBothFormsAfterWhatIsNoHangul) {
  EXPECT_EQ(with_particle("gemma-2-2b-it", Particle::kTopic), "gemma-2-2b-it은(는)");
  EXPECT_EQ(with_particle("모델 2", Particle::kSubject), "모델 2이(가)");
  EXPECT_EQ(with_particle("9B", Particle::kWith), "9B(으)로");
  EXPECT_EQ(with_particle("", Particle::kTopic), "은(는)");
}

}  // namespace
}  // namespace saseo::eval
