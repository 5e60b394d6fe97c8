#include "index/word_data.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

TEST(StopWords, AreWithoutFaults) {
  EXPECT_EQ(stop_word_lists().faults(), std::vector<std::string>());
  EXPECT_FALSE(stop_word_lists().names().empty());
}

}  // namespace
}  // namespace saseo
