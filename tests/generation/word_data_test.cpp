#include "generation/word_data.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

TEST(FollowupWords, AreWithoutFaults) {
  EXPECT_EQ(followup_word_lists().faults(), std::vector<std::string>());
  EXPECT_FALSE(followup_word_lists().names().empty());
}

}  // namespace
}  // namespace saseo
