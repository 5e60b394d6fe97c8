#include "eval/report/words.h"

#include <gtest/gtest.h>

#include <limits>

namespace saseo::eval {
namespace {

constexpr double kGibibyte = 1024.0 * 1024.0 * 1024.0;

TEST(Figures, AreInTheUnitThatFitsTheLargest) {
  EXPECT_EQ(figure(0.8314, scale_of(MetricUnit::kShare, 1)), "83.1");
  EXPECT_EQ(figure(43.25, scale_of(MetricUnit::kPoints, 50)), "43.2");
  EXPECT_EQ(figure(0.0421, scale_of(MetricUnit::kSeconds, 0.05)), "42.1");
  EXPECT_EQ(figure(0.0421, scale_of(MetricUnit::kSeconds, 12)), "0.04");
  EXPECT_EQ(figure(1.5 * kGibibyte, scale_of(MetricUnit::kBytes, 2 * kGibibyte)), "1.50");
  EXPECT_EQ(scale_of(MetricUnit::kBytes, kGibibyte / 2).unit, "MiB");
  EXPECT_EQ(figure(std::numeric_limits<double>::quiet_NaN(), {}), "–");
}

TEST(Figures, HaveASignWhereTheyAreDifferencesAndZeroHasNone) {
  const Scale share = scale_of(MetricUnit::kShare, 1);
  EXPECT_EQ(signed_figure(0.06, share), "+6.0");
  EXPECT_EQ(signed_figure(-0.021, share), "\u22122.1");
  EXPECT_EQ(signed_figure(0.0001, share), "0.0");
  EXPECT_EQ(signed_figure(-0.0001, share), "0.0");
  EXPECT_EQ(interval({0, -0.01, 0.1, 5}, share), "[\u22121.0, 10.0]");
}

TEST(Words, NameSlicesInTheReportsLanguage) {
  const Words korean(Language::kKorean), english(Language::kEnglish);
  EXPECT_EQ(korean.slice({}), "모든 질문");
  EXPECT_EQ(korean.slice({"ko", "table"}), "한국어 · table");
  EXPECT_EQ(english.slice({"en", ""}), "English");
  EXPECT_EQ(english.slice({"", "how-to"}), "how-to");
  EXPECT_EQ(english.language("und"), "no language");
}

TEST(Words, FallBackOnAMetricsName) {
  EXPECT_EQ(Words(Language::kKorean).label({.name = "facts", .label_en = "Facts"}), "facts");
  EXPECT_EQ(Words(Language::kEnglish).label({.name = "facts", .label_en = "Facts"}), "Facts");
}

TEST(PValues, AreNotZero) {
  EXPECT_EQ(p_value(0.0123), "p = 0.012");
  EXPECT_EQ(p_value(0.0000123), "p < 0.001");
}

}  // namespace
}  // namespace saseo::eval
