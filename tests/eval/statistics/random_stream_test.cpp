#include "eval/statistics/random_stream.h"

#include <gtest/gtest.h>

#include <array>

namespace saseo::eval {
namespace {

// Computed by an implementation in another language that gives the published numbers of SplitMix64
// (6457827717110365317, 3203168211198807973 after the seed 1234567).
TEST(RandomStream, GivesTheSameNumbersEverywhere) {
  RandomStream random(1);
  EXPECT_EQ(random.next(), 0xbfef8030ddc2d772u);
  EXPECT_EQ(random.next(), 0x5f552ce482f2aa47u);
  EXPECT_EQ(random.next(), 0x70335fc3daf3d8a7u);
}

TEST(RandomStream, SplitsIntoStreamsThatDiffer) {
  const RandomStream root(1);
  RandomStream a = root.split(0), b = root.split(1), a_again = root.split(0);
  const std::uint64_t first = a.next();
  EXPECT_EQ(a_again.next(), first);
  EXPECT_NE(b.next(), first);
}

TEST(RandomStream, DrawsEachIndexAboutAsOften) {
  RandomStream random(5);
  std::array<int, 7> seen{};
  for (int i = 0; i < 35000; ++i) {
    const RandomStream::Pair pair = random.below(7);
    ++seen.at(pair.first);
    ++seen.at(pair.second);
  }
  for (const int count : seen) EXPECT_NEAR(count, 10000, 400);  // More than 4 standard errors.
}

TEST(RandomStream, GivesUniformNumbersBelowOne) {
  RandomStream random(6);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.012);
}

}  // namespace
}  // namespace saseo::eval
