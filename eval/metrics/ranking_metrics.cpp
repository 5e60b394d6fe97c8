#include "eval/metrics/ranking_metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace saseo::eval {
namespace {

bool is_relevant(int grade) { return grade > 0; }

Grades first(Grades ranked, std::size_t k) { return ranked.first(std::min(k, ranked.size())); }

double discounted_gain(Grades ranked) {
  double gain = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    if (is_relevant(ranked[i])) gain += ranked[i] / std::log2(static_cast<double>(i) + 2);
  }
  return gain;
}

}  // namespace

double hit_at(Grades ranked, std::size_t k) {
  return std::ranges::any_of(first(ranked, k), is_relevant) ? 1 : 0;
}

double recall_at(Grades ranked, std::size_t k, std::size_t relevant) {
  if (relevant == 0) return 0;
  const auto found = static_cast<double>(std::ranges::count_if(first(ranked, k), is_relevant));
  return std::min(1.0, found / static_cast<double>(relevant));
}

double reciprocal_rank_at(Grades ranked, std::size_t k) {
  const Grades considered = first(ranked, k);
  const auto found = std::ranges::find_if(considered, is_relevant);
  return found == considered.end() ? 0 : 1.0 / static_cast<double>(found - considered.begin() + 1);
}

double ndcg_at(Grades ranked, std::size_t k, Grades relevant) {
  std::vector<int> best(relevant.begin(), relevant.end());
  std::ranges::sort(best, std::greater<>());
  const double ideal = discounted_gain(first(best, k));
  return ideal > 0 ? discounted_gain(first(ranked, k)) / ideal : 0;
}

double context_precision(Grades shown) {
  double sum = 0, relevant = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!is_relevant(shown[i])) continue;
    ++relevant;
    sum += relevant / static_cast<double>(i + 1);
  }
  return relevant > 0 ? sum / relevant : 0;
}

double context_recall(Grades shown, std::size_t relevant) {
  return recall_at(shown, shown.size(), relevant);
}

}  // namespace saseo::eval
