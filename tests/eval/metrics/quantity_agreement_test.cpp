#include "eval/metrics/quantity_agreement.h"

#include <gtest/gtest.h>

#include <vector>

namespace saseo::eval {
namespace {

using Texts = std::vector<std::string>;

TEST(QuantityAgreement, IsPrecisionRecallAndF1OfQuantities) {
  const auto agreement = quantity_agreement("25 W로 30분, 15 W로 90분 걸립니다.",
                                            Texts{"25 W 충전기로 30분 걸립니다."});
  ASSERT_TRUE(agreement.has_value());
  EXPECT_DOUBLE_EQ(agreement->precision, 0.5);
  EXPECT_DOUBLE_EQ(agreement->recall, 1);
  EXPECT_DOUBLE_EQ(agreement->f1, 2.0 / 3);
}

TEST(QuantityAgreement, ConvertsUnits) {
  EXPECT_EQ(quantity_agreement("100 cm 떨어져서", Texts{"1 m 떨어져서"})->f1, 1);
  EXPECT_EQ(quantity_agreement("90 seconds", Texts{"1.5분"})->f1, 1);
  EXPECT_EQ(quantity_agreement("10 cm", Texts{"0.1 m"})->f1, 1);
  EXPECT_EQ(quantity_agreement("25 V", Texts{"25 W"})->f1, 0);
  EXPECT_EQ(quantity_agreement("25", Texts{"25 W"})->f1, 0);
  EXPECT_EQ(quantity_agreement("80 %", Texts{"80~84 %"})->f1, 0);
}

TEST(QuantityAgreement, CountsARepeatedQuantityOnce) {
  EXPECT_EQ(quantity_agreement("25 W, 25와트, 25 W", Texts{"25 W"})->precision, 1);
}

TEST(QuantityAgreement, HeedsNoNumbersOfListItems) {
  EXPECT_EQ(
      quantity_agreement("1. 끕니다.\n2. 10초 기다립니다.\n3. 켭니다.", Texts{"10초 기다립니다."})
          ->precision,
      1);
  EXPECT_EQ(quantity_agreement("1) 끄고 2) 10초 뒤 3) 켭니다", Texts{"10초"})->precision, 1);
}

TEST(QuantityAgreement, IsAbsentWhereNoReferenceHasAQuantity) {
  EXPECT_FALSE(quantity_agreement("25 W", Texts{"지원합니다."}).has_value());
  EXPECT_FALSE(quantity_agreement("25 W", Texts{}).has_value());
  EXPECT_EQ(quantity_agreement("", Texts{"25 W", "없음"})->f1, 0);
}

TEST(QuantityAgreement, TakesTheBestReference) {
  EXPECT_EQ(quantity_agreement("25 W", Texts{"15 W", "25 W"})->f1, 1);
}

}  // namespace
}  // namespace saseo::eval
