#include "generation/passage_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace saseo {
namespace {

constexpr std::size_t kGroup = 3;  // Ranks within which the order is free.

}  // namespace

PassagePlace place_of(const Passage& passage) { return {passage.document, passage.segments}; }

std::vector<std::size_t> prompt_order(std::span<const Passage> passages,
                                      std::span<const PassagePlace> before) {
  std::vector<std::size_t> rest(passages.size()), order;
  std::iota(rest.begin(), rest.end(), std::size_t{0});
  for (const PassagePlace& place : before) {
    const auto same =
        std::ranges::find_if(rest, [&](std::size_t i) { return place_of(passages[i]) == place; });
    if (same == rest.end()) break;
    order.push_back(*same);
    rest.erase(same);
  }
  std::ranges::sort(rest, {}, [&](std::size_t i) {
    const Passage& passage = passages[i];
    const std::size_t begin = passage.segments.empty() ? 0 : passage.segments.front().begin;
    return std::tuple(i / kGroup, passage.document, begin, i);
  });
  order.insert(order.end(), rest.begin(), rest.end());
  return order;
}

std::vector<std::size_t> by_rank(std::span<const Passage> passages) {
  std::vector<std::size_t> order(passages.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

}  // namespace saseo
