#include "generation/passage_order.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

// Passages of one document that begin here, best first.
std::vector<Passage> passages_at(const std::vector<std::size_t>& begins) {
  std::vector<Passage> passages;
  for (const std::size_t begin : begins) {
    Passage& passage = passages.emplace_back();
    passage.number = static_cast<int>(passages.size());
    passage.document = DocumentId{1};
    passage.segments = {{begin, begin + 10}};
  }
  return passages;
}

std::vector<PassagePlace> places(const std::vector<Passage>& passages,
                                 const std::vector<std::size_t>& order) {
  std::vector<PassagePlace> found;
  for (const std::size_t i : order) found.push_back(place_of(passages[i]));
  return found;
}

using Order = std::vector<std::size_t>;

TEST(PassageOrder, TheSameThreePassagesStandTheSameWhateverTheirRanks) {
  const auto one = passages_at({300, 100, 200}), other = passages_at({200, 300, 100});
  EXPECT_EQ(places(one, prompt_order(one, {})), places(other, prompt_order(other, {})));
  EXPECT_EQ(prompt_order(one, {}), (Order{1, 2, 0}));
}

TEST(PassageOrder, ABetterRankIsPassedByNoLaterGroup) {
  EXPECT_EQ(prompt_order(passages_at({600, 500, 400, 300, 200, 100, 0}), {}),
            (Order{2, 1, 0, 5, 4, 3, 6}));
}

TEST(PassageOrder, WhatTheLastPromptBeganWithStandsFirst) {
  const auto before = passages_at({500, 100, 300, 900});
  const auto now = passages_at({50, 300, 500, 100});
  const auto read = places(before, prompt_order(before, {}));  // 100, 300, 500, 900
  EXPECT_EQ(prompt_order(now, read), (Order{3, 1, 2, 0}));
  // From the first that is not read again, nothing is gained.
  const auto without = passages_at({500, 300});
  EXPECT_EQ(prompt_order(without, read), (Order{1, 0}));
}

TEST(PassageOrder, DocumentsStandTogetherAndNoPassagesHaveNoOrder) {
  auto passages = passages_at({10, 5, 1});
  passages[1].document = DocumentId{2};
  EXPECT_EQ(prompt_order(passages, {}), (Order{2, 0, 1}));
  EXPECT_TRUE(prompt_order({}, {}).empty());
}

}  // namespace
}  // namespace saseo
