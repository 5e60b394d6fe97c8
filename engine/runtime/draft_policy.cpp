#include "engine/runtime/draft_policy.h"

#include <algorithm>
#include <cassert>

namespace saseo {
namespace {

// Batches. The slope is that of kernels which read each weight once for all tokens.
constexpr double kCostOfToken = 0.04;   // Of one token's, for each more, where nothing is known.
constexpr double kLatestWeight = 0.25;  // The latest measurement's weight.
constexpr std::uint64_t kFirst = 3;  // Measurements of which the least counts: the first are slow.
constexpr double kOutlier = 2;       // A longer time counts as so many times what is known.
constexpr std::uint64_t kStale = 256;  // Steps after which what was measured is not known any more.

// Shares of right guesses.
constexpr double kPriorWeight = 4;        // Guesses that the expectation counts as.
constexpr double kForgetting = 1.0 / 64;  // Of what was counted, with each new one.
constexpr double kWorthwhile = 1.01;      // Times the plain rate; less is not worth the noise.

// The account, in plain tokens' time.
constexpr double kAtStart = 0.5;
constexpr double kPerToken = 0.015;
constexpr double kAtMost = 8;

// Trying again, in tokens.
constexpr std::uint32_t kFirstPause = 16;
constexpr std::uint32_t kLongestPause = 256;
constexpr std::size_t kTrial = 2;  // Tokens of such a draft.

}  // namespace

void BatchCosts::measured(std::size_t tokens, double seconds) {
  assert(tokens > 0 && tokens < seen_.size());
  Seen& seen = seen_[tokens];
  if (!knows(tokens)) seen = {};
  if (seen.count == 0) {
    seen.seconds = seconds;
  } else if (seen.count < kFirst) {
    seen.seconds = std::min(seen.seconds, seconds);
  } else {
    const double counted = std::min(seconds, kOutlier * seen.seconds);
    seen.seconds += kLatestWeight * (counted - seen.seconds);
  }
  ++seen.count;
  seen.last = ++step_;
}

bool BatchCosts::knows(std::size_t tokens) const {
  return seen_[tokens].count > 0 && step_ - seen_[tokens].last < kStale;
}

double BatchCosts::seconds(std::size_t tokens) const {
  std::size_t below = tokens, above = tokens;
  while (below > 0 && !knows(below)) --below;
  while (above < seen_.size() && !knows(above)) ++above;
  const bool any_below = below > 0, any_above = above < seen_.size();
  const auto priced = [](std::size_t n) { return 1 + kCostOfToken * static_cast<double>(n - 1); };
  double estimate = priced(tokens);
  if (any_below && any_above && above > below) {
    const double part = static_cast<double>(tokens - below) / static_cast<double>(above - below);
    estimate = seen_[below].seconds + part * (seen_[above].seconds - seen_[below].seconds);
  } else if (any_below) {
    // On with the slope so far, which is the prior's at least.
    const double first = knows(1) ? seen_[1].seconds : seen_[below].seconds / priced(below);
    const double slope =
        below > 1 ? (seen_[below].seconds - first) / static_cast<double>(below - 1) : 0;
    estimate = seen_[below].seconds +
               static_cast<double>(tokens - below) * std::max(slope, kCostOfToken * first);
  } else if (any_above) {
    estimate = seen_[above].seconds * priced(tokens) / priced(above);
  }
  for (std::size_t larger = tokens + 1; larger < seen_.size(); ++larger) {
    if (knows(larger)) estimate = std::min(estimate, seen_[larger].seconds);
  }
  return estimate;
}

std::size_t BatchCosts::foreseeable() const {
  std::size_t largest = seen_.size() - 1;
  while (largest > 0 && !knows(largest)) --largest;
  return 2 * largest + 1;
}

DraftPolicy::DraftPolicy(std::vector<const DraftSource*> sources, std::size_t largest)
    : costs_(largest + 1) {
  for (const DraftSource* source : sources) {
    Learnt learnt = {.source = source, .shares = {}, .next_pause = kFirstPause};
    for (std::size_t grade = 0; grade < kDraftGrades; ++grade) {
      const double share = source->expected_share(static_cast<DraftGrade>(grade));
      learnt.shares[grade] = {kPriorWeight * share, kPriorWeight};
    }
    sources_.push_back(learnt);
  }
}

void DraftPolicy::begin() { account_ = kAtStart; }

// In plain tokens' time, the pass included.
double DraftPolicy::relative_cost(const Learnt& learnt, std::size_t drafted) const {
  const double seconds =
      costs_.seconds(drafted + 1) +
      static_cast<double>(drafted) * learnt.source->seconds_per_token().value_or(0);
  return seconds / costs_.seconds(1);
}

DraftPolicy::Choice DraftPolicy::choose(std::size_t source,
                                        std::span<const DraftGrade> grades) const {
  const Learnt& learnt = sources_[source];
  Choice best = {0, 1 / costs_.seconds(1)};
  // Without the price of a plain token nothing can be weighed: the next one tells it.
  if (!costs_.knows(1)) return best;
  const std::optional<double> price = learnt.source->seconds_per_token();
  const std::size_t most = price ? costs_.foreseeable() - 1 : kTrial;
  grades = grades.first(std::min(most, grades.size()));
  const double worthwhile = kWorthwhile * best.rate;
  double given = 1, right_so_far = 1;
  std::size_t affordable = 0;
  for (std::size_t k = 1; k <= grades.size(); ++k) {
    const Share& share = learnt.shares[grades[k - 1]];
    right_so_far *= share.right / share.of;
    given += right_so_far;
    const double cost = relative_cost(learnt, k);
    if (cost - 1 > account_) continue;
    affordable = k;
    const double rate = given / (cost * costs_.seconds(1));
    if (rate > std::max(best.rate, worthwhile)) best = {k, rate};
  }
  if (best.count == 0 && price != 0.0 && learnt.pause == 0)
    best.count = std::min(kTrial, affordable);
  return best;
}

void DraftPolicy::compared(std::size_t source, DraftGrade grade, bool right) {
  Share& share = sources_[source].shares[grade];
  share.right += (right ? 1.0 : 0.0) - kForgetting * share.right;
  share.of += 1 - kForgetting * share.of;
}

void DraftPolicy::verified(std::size_t source, std::size_t drafted, std::size_t given,
                           double seconds) {
  costs_.measured(drafted + 1, seconds);
  Learnt& learnt = sources_[source];
  const double gained = static_cast<double>(given) - relative_cost(learnt, drafted);
  account_ = std::min(kAtMost, account_ + gained + kPerToken * static_cast<double>(given));
  if (gained > 0) {
    learnt.next_pause = kFirstPause;
  } else {
    learnt.pause = learnt.next_pause;
    learnt.next_pause = std::min(2 * learnt.next_pause, kLongestPause);
  }
}

void DraftPolicy::stepped(double seconds) {
  costs_.measured(1, seconds);
  account_ = std::min(kAtMost, account_ + kPerToken);
  for (Learnt& learnt : sources_) learnt.pause -= learnt.pause > 0 ? 1 : 0;
}

}  // namespace saseo
