#include "eval/report/axis.h"

#include <gtest/gtest.h>

#include <cmath>

namespace saseo::eval {
namespace {

TEST(Axis, PlacesValuesBetweenItsEndsAndNotBeyond) {
  const Axis axis(0, 10, 100, 200);
  EXPECT_DOUBLE_EQ(axis.place(5), 150);
  EXPECT_DOUBLE_EQ(axis.place(-3), 100);
  EXPECT_DOUBLE_EQ(axis.place(99), 200);
  EXPECT_EQ(axis.marks(), (std::vector<double>{0, 2, 4, 6, 8, 10}));
}

TEST(Axis, MarksTheLogarithmicOneAtOneTwoFive) {
  const Axis axis(0.04, 20, 0, 1, true);
  EXPECT_EQ(axis.marks().size(), 9u);
  EXPECT_DOUBLE_EQ(axis.marks().front(), 0.05);
  EXPECT_DOUBLE_EQ(axis.marks().back(), 20);
  EXPECT_NEAR(axis.place(0.8), std::log(20.0) / std::log(500.0), 1e-12);
}

TEST(Axis, OfOneValueStillHasMarks) {
  EXPECT_GE(Axis(0, 0, 0, 1).marks().size(), 2u);
  EXPECT_GE(Axis(0.7, 0.7, 0, 1).marks().size(), 2u);
  EXPECT_FALSE(Axis(0, 5, 0, 1, true).marks().empty());
}

TEST(Axis, HasAFewMarksOverManyDecades) {
  const Axis axis(1e-6, 1e6, 0, 1, true);
  EXPECT_LE(axis.marks().size(), 13u);
  EXPECT_GE(axis.marks().size(), 3u);
}

}  // namespace
}  // namespace saseo::eval
