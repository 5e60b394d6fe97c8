#include "base/word_lists.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

using Words = std::vector<std::string_view>;

TEST(WordLists, AreReadFromTheirLines) {
  const WordLists lists(
      "# Of any device.\n[trouble]\nerror, stuck,\n\"why \"\n\n[same]\nwifi/wi-fi/무선 네트워크\n"
      "[phrases]\nget rid of = remove delete\n");
  EXPECT_EQ(lists.faults(), std::vector<std::string>());
  EXPECT_EQ(lists.names(), (Words{"trouble", "same", "phrases"}));
  EXPECT_EQ(lists.words("trouble"), (Words{"error", "stuck", "why "}));
  ASSERT_EQ(lists.list("same").size(), 1u);
  EXPECT_EQ(lists.list("same")[0].words, (Words{"wifi", "wi-fi", "무선 네트워크"}));
  ASSERT_EQ(lists.list("phrases").size(), 1u);
  EXPECT_EQ(lists.list("phrases")[0].words, Words{"get rid of"});
  EXPECT_EQ(lists.list("phrases")[0].meaning, "remove delete");
}

TEST(WordLists, NameTheLineOfWhatIsWrong) {
  const auto faults_of = [](std::string_view text) { return WordLists(text).faults(); };
  using Faults = std::vector<std::string>;
  EXPECT_EQ(faults_of("word"), Faults{"line 1: an entry before the first list"});
  EXPECT_EQ(faults_of("[a]\n\n[b]\nx"), Faults{"line 4: the list [a] is empty"});
  EXPECT_EQ(faults_of("[a]\nx\n[a]\ny"), Faults{"line 3: a second list [a]"});
  EXPECT_EQ(faults_of("[a\nx"), Faults{"line 1: expected [name of a list]"});
  EXPECT_EQ(faults_of("[a]\nx//y"),
            (Faults{"line 2: an empty word", "line 2: the list [a] is empty"}));
  EXPECT_EQ(faults_of("[a]\nx, , y"), Faults{"line 2: an empty word"});
  EXPECT_EQ(faults_of("[a]\nx/y/x"), Faults{"line 2: x stands twice in an entry"});
  EXPECT_EQ(faults_of("[a]\nx ="), Faults{"line 2: an empty meaning"});
  EXPECT_EQ(faults_of("[a]\nx, y\nx"), Faults{"line 3: x stands twice in the list [a]"});
}

}  // namespace
}  // namespace saseo
