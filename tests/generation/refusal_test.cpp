#include "generation/refusal.h"

#include "made_library.h"

namespace saseo {
namespace {

float& at(RefusalFeatures& features, RefusalFeature feature) {
  return features[static_cast<std::size_t>(feature)];
}

TEST(Refusal, GrowsSurerWithWhatThePassageHolds) {
  RefusalFeatures features{};
  at(features, RefusalFeature::kDense) = 0.5f;
  const float nothing = answer_confidence(features);
  at(features, RefusalFeature::kCoverage) = 1;
  at(features, RefusalFeature::kNounCoverage) = 1;
  const float covered = answer_confidence(features);
  at(features, RefusalFeature::kHeading) = 1;
  const float headed = answer_confidence(features);
  at(features, RefusalFeature::kAskedMissing) = 1;
  EXPECT_LT(nothing, covered);
  EXPECT_LT(covered, headed);
  EXPECT_LT(answer_confidence(features), headed);
}

TEST(Refusal, NamesEveryFeature) {
  for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
    EXPECT_FALSE(name_of(static_cast<RefusalFeature>(i)).empty());
  }
}

TEST(Refusal, SeesThatAPriceIsAskedForAndNotTold) {
  const MadeLibrary::Manual manual{"phone.md", kPhoneManual};
  const MadeLibrary library(std::vector{manual});
  ASSERT_TRUE(library.made());
  RefusalFeatures seen{};
  AnswererOptions options;
  options.refusal.threshold = 0;
  options.refusal.observe = [&](const RefusalFeatures& features) { seen = features; };
  Result<Searcher> searcher = Searcher::open(library.folder());
  ASSERT_TRUE(searcher.ok());
  Answerer answerer(std::move(searcher).value(), make_extractive_model(), options);
  ask(answerer, "무선 충전기 가격이 얼마예요?");
  EXPECT_EQ(at(seen, RefusalFeature::kAskedMissing), 1.0f);
  ask(answerer, "무선 충전은 얼마나 걸려요?");
  EXPECT_EQ(at(seen, RefusalFeature::kAskedMissing), 0.0f);
}

TEST(Refusal, RefusesWhatTheManualNeverNames) {
  const MadeLibrary::Manual manual{"phone.md", kPhoneManual};
  const MadeLibrary library(std::vector{manual});
  ASSERT_TRUE(library.made());
  Answerer answerer = library.answerer(RefusalOptions{}.threshold);
  EXPECT_FALSE(ask(answerer, "라디오 방송국 주파수를 저장할 수 있나요?").found);
  answerer.reset();
  EXPECT_TRUE(ask(answerer, "무선 충전하는 방법").found);
}

}  // namespace
}  // namespace saseo
