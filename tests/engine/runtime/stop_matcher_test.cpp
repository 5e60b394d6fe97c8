#include "engine/runtime/stop_matcher.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

TEST(StopMatcher, EndsTheTextBeforeTheStop) {
  StopMatcher matcher({"끝"});
  EXPECT_EQ(matcher.push("여기가 끝 다음"), "여기가 ");
  EXPECT_TRUE(matcher.stopped());
  EXPECT_EQ(matcher.push("more"), "");
  EXPECT_EQ(matcher.flush(), "");
}

TEST(StopMatcher, FindsAStopThatComesInParts) {
  StopMatcher matcher({"\n\nQ:"});
  EXPECT_EQ(matcher.push("yes.\n"), "yes.");
  EXPECT_EQ(matcher.push("\nQ"), "");
  EXPECT_FALSE(matcher.stopped());
  EXPECT_EQ(matcher.push(": no"), "");
  EXPECT_TRUE(matcher.stopped());
}

TEST(StopMatcher, KeepsBackOnlyWhatCouldBecomeAStop) {
  StopMatcher matcher({"###"});
  EXPECT_EQ(matcher.push("a#"), "a");
  EXPECT_EQ(matcher.push("b"), "#b");
  EXPECT_EQ(matcher.push("c##"), "c");
  EXPECT_EQ(matcher.flush(), "##");
  EXPECT_FALSE(matcher.stopped());
}

TEST(StopMatcher, SeesAStopThatBeginsWithinAFailedOne) {
  StopMatcher matcher({"aab"});
  EXPECT_EQ(matcher.push("aa"), "");
  EXPECT_EQ(matcher.push("a"), "a");
  EXPECT_EQ(matcher.push("b"), "");
  EXPECT_TRUE(matcher.stopped());
}

TEST(StopMatcher, PassesEverythingWhenThereIsNoStop) {
  StopMatcher matcher({"", ""});
  EXPECT_EQ(matcher.push("abc"), "abc");
  EXPECT_FALSE(matcher.stopped());
}

TEST(StopMatcher, GivesTheSameTextHoweverItIsCut) {
  const std::vector<std::string> stops = {"abc", "b", "caca", "dd가"};
  for (const std::string text : {"xxabcx", "cacab", "acacaca", "dddd가", "d가dd각", "xyz"}) {
    const auto run = [&](std::size_t step) {
      StopMatcher matcher(stops);
      std::string out;
      for (std::size_t i = 0; i < text.size(); i += step) out += matcher.push(text.substr(i, step));
      return out + matcher.flush() + (matcher.stopped() ? "|" : "");
    };
    for (std::size_t step = 1; step < text.size(); ++step) {
      EXPECT_EQ(run(step), run(text.size())) << text << " in steps of " << step;
    }
  }
}

}  // namespace
}  // namespace saseo
