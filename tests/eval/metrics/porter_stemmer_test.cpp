#include "eval/metrics/porter_stemmer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace saseo::eval {
namespace {

TEST(PorterStemmer, EqualsNltkOnTheTableOfWords) {
  std::ifstream in(SASEO_TEST_DATA "/porter_stems.tsv");
  std::string word, stem;
  std::size_t words = 0;
  while (in >> word >> stem) {
    EXPECT_EQ(porter_stem(word), stem) << word;
    ++words;
  }
  EXPECT_GT(words, 1500u);
}

// Examples of Porter's paper.
TEST(PorterStemmer, TakesEndingsOff) {
  EXPECT_EQ(porter_stem("caresses"), "caress");
  EXPECT_EQ(porter_stem("conditional"), "condit");
  EXPECT_EQ(porter_stem("generalizations"), "gener");
  EXPECT_EQ(porter_stem("hopping"), "hop");
  EXPECT_EQ(porter_stem("controlling"), "control");
}

// Examples of the documentation of nltk.stem.porter; the paper's algorithm gives fli, di, enjoi.
TEST(PorterStemmer, HasTheExtensionsOfNltk) {
  EXPECT_EQ(porter_stem("dies"), "die");
  EXPECT_EQ(porter_stem("enjoy"), "enjoy");
  EXPECT_EQ(porter_stem("fly"), "fli");
  EXPECT_EQ(porter_stem("skies"), "sky");
}

}  // namespace
}  // namespace saseo::eval
