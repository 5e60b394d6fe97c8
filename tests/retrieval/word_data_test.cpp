#include "retrieval/word_data.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace saseo {
namespace {

TEST(RetrievalWordData, IsWithoutFaults) {
  ASSERT_EQ(retrieval_word_files().size(), 5u);
  for (const WordFile& file : retrieval_word_files()) {
    const WordLists lists(file.text);
    EXPECT_EQ(lists.faults(), std::vector<std::string>()) << file.name;
    EXPECT_FALSE(lists.names().empty()) << file.name;
  }
}

TEST(RetrievalWordData, HoldsWordsWithoutMeaningsOrEveryWordWithOne) {
  for (const WordFile& file : retrieval_word_files()) {
    const WordLists lists(file.text);
    for (const std::string_view name : lists.names()) {
      const auto has_meaning = [](const WordEntry& entry) { return !entry.meaning.empty(); };
      const auto count = std::ranges::count_if(lists.list(name), has_meaning);
      EXPECT_TRUE(count == 0 || count == std::ssize(lists.list(name))) << file.name << " " << name;
    }
  }
}

TEST(RetrievalWordData, HasTwoWordsOrMoreInEveryGroup) {
  const auto expect_groups = [](const WordLists& lists, std::string_view name) {
    for (const WordEntry& entry : lists.list(name))
      EXPECT_GT(entry.words.size(), 1u) << name << ": " << entry.words.front();
  };
  for (const std::string_view name : {"same", "hints"}) {
    expect_groups(korean_thesaurus(), name);
    expect_groups(english_thesaurus(), name);
  }
  expect_groups(translation_lists(), "translations");
}

}  // namespace
}  // namespace saseo
