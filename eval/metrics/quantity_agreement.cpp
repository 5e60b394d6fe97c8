#include "eval/metrics/quantity_agreement.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "eval/metrics/list_items.h"
#include "eval/metrics/text_units.h"
#include "retrieval/quantities.h"

namespace saseo::eval {
namespace {

constexpr double kSlack = 1e-9;  // Relative: 0.1 m and 10 cm differ in the last bit.

bool nearly_equal(double a, double b) {
  return a == b || std::abs(a - b) <= kSlack * std::max(std::abs(a), std::abs(b));
}

bool same(const Quantity& a, const Quantity& b) {
  return a.unit == b.unit && nearly_equal(a.least, b.least) && nearly_equal(a.most, b.most);
}

bool before(const Quantity& a, const Quantity& b) {
  if (a.unit != b.unit) return a.unit < b.unit;
  if (!nearly_equal(a.least, b.least)) return a.least < b.least;
  return !nearly_equal(a.most, b.most) && a.most < b.most;
}

// In order, each once.
std::vector<Quantity> quantities_of(std::string_view text) {
  std::vector<Quantity> found = find_quantities(without_item_marks(text));
  // By exact values first: nearly_equal is no order.
  std::ranges::sort(found, {},
                    [](const Quantity& q) { return std::tuple(q.unit, q.least, q.most); });
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

std::size_t count_shared_quantities(const std::vector<Quantity>& a,
                                    const std::vector<Quantity>& b) {
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (same(a[i], b[j])) {
      ++shared, ++i, ++j;
    } else if (before(a[i], b[j])) {
      ++i;
    } else {
      ++j;
    }
  }
  return shared;
}

}  // namespace

std::optional<QuantityAgreement> quantity_agreement(std::string_view answer,
                                                    std::span<const std::string> references) {
  const std::vector<Quantity> answered = quantities_of(answer);
  std::optional<QuantityAgreement> best;
  for (const std::string& reference : references) {
    const std::vector<Quantity> wanted = quantities_of(reference);
    if (wanted.empty()) continue;
    const auto shared = static_cast<double>(count_shared_quantities(answered, wanted));
    QuantityAgreement agreement;
    if (!answered.empty()) agreement.precision = shared / static_cast<double>(answered.size());
    agreement.recall = shared / static_cast<double>(wanted.size());
    agreement.f1 = harmonic_mean(agreement.precision, agreement.recall);
    if (!best || agreement.f1 > best->f1) best = agreement;
  }
  return best;
}

}  // namespace saseo::eval
