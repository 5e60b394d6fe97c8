#include "app/library/search_filter.h"

#include <gtest/gtest.h>

namespace saseo::app {
namespace {

TEST(ParsePages, TakesOnePageARangeAndOpenEnds) {
  EXPECT_EQ(*parse_pages("12"), std::pair(12, 12));
  EXPECT_EQ(*parse_pages("10-20"), std::pair(10, 20));
  EXPECT_EQ(*parse_pages("10-"), std::pair(10, 0));
  EXPECT_EQ(*parse_pages("-20"), std::pair(0, 20));
  for (const char* wrong : {"", "-", "0", "5-3", "a", "1-b", "1-2-3", "99999999999"})
    EXPECT_FALSE(parse_pages(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace saseo::app
