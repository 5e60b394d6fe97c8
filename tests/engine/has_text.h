// EXPECT_TRUE(has_text(message, "part")): shows the message where the part is not in it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace saseo {

inline testing::AssertionResult has_text(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no \"" << part << "\" in \"" << text << "\"";
}

}  // namespace saseo
