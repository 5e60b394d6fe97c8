#include "base/byte_sizes.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

constexpr std::uint64_t kMebi = 1 << 20;

TEST(ParseBytes, ReadsUnitsAndRefusesOthers) {
  EXPECT_EQ(parse_bytes("2GiB"), 2048 * kMebi);
  EXPECT_EQ(parse_bytes("2G"), 2048 * kMebi);
  EXPECT_EQ(parse_bytes("1.5 MiB"), 3 * kMebi / 2);
  EXPECT_EQ(parse_bytes("2GB"), 2000000000u);
  EXPECT_EQ(parse_bytes("12345"), 12345u);
  for (const char* wrong : {"", "GiB", "-1G", "2 potatoes", "nan", "1e30G"}) {
    EXPECT_FALSE(parse_bytes(wrong).has_value()) << wrong;
  }
}

TEST(FormatBytes, TakesTheUnitThatPeopleWouldTake) {
  EXPECT_EQ(format_bytes(1), "1 KiB");
  EXPECT_EQ(format_bytes(812 * kMebi), "812 MiB");
  EXPECT_EQ(format_bytes(1638 * kMebi), "1.6 GiB");
}

}  // namespace
}  // namespace saseo
