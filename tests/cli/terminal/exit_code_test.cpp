#include "cli/terminal/exit_code.h"

#include <gtest/gtest.h>

namespace saseo::cli {
namespace {

TEST(ExitCode, FollowsTheKindOfError) {
  EXPECT_EQ(exit_code_of(ErrorCode::kInvalidArgument), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::kNotFound), 3);
  EXPECT_EQ(exit_code_of(ErrorCode::kIo), 3);
  EXPECT_EQ(exit_code_of(ErrorCode::kDiskFull), 1);
  EXPECT_EQ(exit_code_of(ErrorCode::kDamaged), 5);
  EXPECT_EQ(exit_code_of(ErrorCode::kLocked), 5);
  EXPECT_EQ(exit_code_of(ErrorCode::kTooNew), 5);
  EXPECT_EQ(exit_code_of(ErrorCode::kCancelled), 130);
}

}  // namespace
}  // namespace saseo::cli
