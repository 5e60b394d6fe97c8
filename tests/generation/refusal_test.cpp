#include "generation/refusal.h"

#include <optional>

#include "tests/generation/made_library.h"

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
  const float covered = answer_confidence(features);
  at(features, RefusalFeature::kUnit) = 1;
  const float in_one_sentence = answer_confidence(features);
  at(features, RefusalFeature::kAskedMissing) = 1;
  EXPECT_LT(nothing, covered);
  EXPECT_LT(covered, in_one_sentence);
  EXPECT_LT(answer_confidence(features), in_one_sentence);
}

TEST(Refusal, NamesEveryFeature) {
  for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
    EXPECT_FALSE(name_of(static_cast<RefusalFeature>(i)).empty());
  }
}

// The features of a question asked of a manual.
class AskedManual {
 public:
  explicit AskedManual(const char* manual)
      : library_(std::vector{MadeLibrary::Manual{"phone.md", manual}}) {
    EXPECT_TRUE(library_.made());
    AnswererOptions options;
    options.refusal.threshold = 0;
    options.refusal.observe = [&](const RefusalFeatures& features) { seen_ = features; };
    asker_.emplace(library_.folder(), make_extractive_model(), options);
  }
  float seen(const char* question, RefusalFeature feature) {
    asker_->reset();
    ask(*asker_, question);
    return at(seen_, feature);
  }

 private:
  MadeLibrary library_;
  std::optional<Asker> asker_;
  RefusalFeatures seen_{};
};

class RefusalOfAPhone : public ::testing::Test {
 protected:
  float seen(const char* question, RefusalFeature feature) {
    return phone_.seen(question, feature);
  }

 private:
  AskedManual phone_{kPhoneManual};
};

TEST_F(RefusalOfAPhone, SeesThatAPriceIsAskedForAndNotTold) {
  EXPECT_EQ(seen("무선 충전기 가격이 얼마예요?", RefusalFeature::kAskedMissing), 1.0f);
  EXPECT_EQ(seen("무선 충전은 얼마나 걸려요?", RefusalFeature::kAskedMissing), 0.0f);
}

TEST_F(RefusalOfAPhone, SeesThatMinutesAreNoYears) {
  EXPECT_EQ(seen("무선 충전은 몇 시간 걸려요?", RefusalFeature::kAskedMissing), 0.0f);
  EXPECT_EQ(seen("무선 충전기는 몇 년 쓸 수 있어요?", RefusalFeature::kAskedMissing), 1.0f);
}

TEST_F(RefusalOfAPhone, SeesNounsAndDevicesThatTheLibraryNeverNames) {
  EXPECT_EQ(seen("지문 등록하는 방법", RefusalFeature::kAbsent), 0.0f);
  EXPECT_GT(seen("라디오 주파수를 등록하는 방법", RefusalFeature::kAbsent), 0.5f);
  EXPECT_EQ(seen("휴대전화 무게가 얼마예요?", RefusalFeature::kDeviceMissing), 0.0f);
  EXPECT_EQ(seen("TV에 화면을 띄울 수 있나요?", RefusalFeature::kDeviceMissing), 1.0f);
}

TEST_F(RefusalOfAPhone, SeesThatWhatIsAskedAboutIsMissing) {
  EXPECT_EQ(seen("지문을 등록하는 방법", RefusalFeature::kTopicMissing), 0.0f);
  EXPECT_GT(seen("무선 충전기 색깔이 뭐예요?", RefusalFeature::kTopicMissing), 0.5f);
}

TEST_F(RefusalOfAPhone, SeesHowMuchOneSentenceHolds) {
  EXPECT_GT(seen("지문은 최대 몇 개까지 등록할 수 있어요?", RefusalFeature::kUnit), 0.9f);
  EXPECT_LT(seen("바다에서 지문을 등록할 수 있어요?", RefusalFeature::kUnit), 0.9f);
}

TEST(Refusal, CountsOnlyWhatIsAskedFor) {
  AskedManual manual(R"(---
title: 가람폰 사용 설명서
product: 가람폰 A1
language: ko
---
# 카드
## 카드 넣기
이 제품에는 나노 SIM 카드 1장과 메모리 카드를 함께 넣을 수 있습니다.
# 잠금
## 지문
지문은 최대 4개까지 등록할 수 있습니다.
# 연결
## 핫스팟
기기를 연결합니다. 최대 10대까지 됩니다.
)");
  EXPECT_EQ(manual.seen("메모리 카드는 몇 개까지 넣을 수 있어요?", RefusalFeature::kAskedMissing),
            0.0f)
      << "the word stands before the number";
  EXPECT_EQ(manual.seen("지문은 몇 개까지 등록돼요?", RefusalFeature::kAskedMissing), 0.0f);
  EXPECT_EQ(manual.seen("핫스팟에 몇 대까지 연결돼요?", RefusalFeature::kAskedMissing), 0.0f);
  EXPECT_EQ(manual.seen("메모리는 몇 개까지 넣을 수 있어요?", RefusalFeature::kAskedMissing), 1.0f);
}

TEST(Refusal, RefusesWhatTheManualNeverNames) {
  const MadeLibrary::Manual manual{"phone.md", kPhoneManual};
  const MadeLibrary library(std::vector{manual});
  ASSERT_TRUE(library.made());
  Asker asker = library.asker(RefusalOptions{}.threshold);
  EXPECT_FALSE(ask(asker, "라디오 방송국 주파수를 저장할 수 있나요?").found);
  asker.reset();
  EXPECT_TRUE(ask(asker, "무선 충전하는 방법").found);
}

}  // namespace
}  // namespace saseo
