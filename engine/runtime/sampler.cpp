#include "engine/runtime/sampler.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/message.h"

namespace saseo {
namespace {

// log(sum of exp(logits)).
double log_sum_exp(std::span<const float> logits, float largest) {
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit - largest));
  return largest + std::log(sum);
}

// Larger first; equals in the order of their ids.
bool before(const std::pair<float, TokenId>& a, const std::pair<float, TokenId>& b) {
  return a.first != b.first ? a.first > b.first : a.second < b.second;
}

struct Peak {
  std::size_t index = 0;     // Of the largest, the first of equals.
  bool are_numbers = false;  // No NaN and no positive infinity among them.
};

// Of as many logits as a vocabulary has tokens, for every token that is given: loops that compilers
// turn into vectors, which those of floats in <algorithm> are not.
Peak peak_of(std::span<const float> logits) {
  constexpr std::size_t kStretch = 1024;
  constexpr std::int32_t kInfinity = 0x7F800000, kMinusInfinity = -kInfinity - 1;
  // Floats order as these integers do, and what is not a number lies beyond the infinities.
  const auto order = [](float value) {
    const auto bits = std::bit_cast<std::int32_t>(value + 0.0f);  // There is one zero.
    return bits ^ ((bits >> 31) & 0x7FFFFFFF);
  };
  std::int32_t peak = std::numeric_limits<std::int32_t>::min();
  std::size_t stretch = 0;
  bool are_numbers = true;
  for (std::size_t first = 0; first < logits.size(); first += kStretch) {
    std::int32_t largest = order(logits[first]), smallest = largest;
    for (const float logit : logits.subspan(first, std::min(kStretch, logits.size() - first))) {
      largest = std::max(largest, order(logit));
      smallest = std::min(smallest, order(logit));
    }
    are_numbers = are_numbers && largest < kInfinity && smallest >= kMinusInfinity;
    if (largest > peak) {
      peak = largest;
      stretch = first;
    }
  }
  while (order(logits[stretch]) != peak) ++stretch;
  return {stretch, are_numbers};
}

}  // namespace

Status check_sampling(const SamplingOptions& o) {
  const auto wrong = [](std::string_view name, float value, std::string_view range) {
    return make_error(ErrorCode::kInvalidArgument, "{} is {}; {} was expected.",
                      "{} 값이 {}입니다. {} 범위여야 합니다.", name, value, range);
  };
  if (!(o.temperature >= 0 && o.temperature <= 100))
    return wrong("temperature", o.temperature, "0..100");
  if (o.top_k < 0) return wrong("top-k", static_cast<float>(o.top_k), ">= 0");
  if (!(o.top_p > 0 && o.top_p <= 1)) return wrong("top-p", o.top_p, "0 < p <= 1");
  if (!(o.min_p >= 0 && o.min_p <= 1)) return wrong("min-p", o.min_p, "0..1");
  if (!(o.repetition_penalty > 0 && o.repetition_penalty <= 100)) {
    return wrong("repetition-penalty", o.repetition_penalty, "0 < r <= 100");
  }
  if (!(std::fabs(o.presence_penalty) <= 100)) {
    return wrong("presence-penalty", o.presence_penalty, "-100..100");
  }
  if (!(std::fabs(o.frequency_penalty) <= 100)) {
    return wrong("frequency-penalty", o.frequency_penalty, "-100..100");
  }
  for (const auto& [token, bias] : o.logit_bias) {
    if (token < 0 || std::isnan(bias) || bias == std::numeric_limits<float>::infinity()) {
      return wrong("logit-bias", bias, "token:number");
    }
  }
  return {};
}

SamplingOptions sampling_of(const SamplingDefaults& defaults) {
  SamplingOptions options;
  options.temperature = defaults.temperature.value_or(options.temperature);
  options.top_k = defaults.top_k.value_or(options.top_k);
  options.top_p = defaults.top_p.value_or(options.top_p);
  options.min_p = defaults.min_p.value_or(options.min_p);
  options.repetition_penalty = defaults.repetition_penalty.value_or(options.repetition_penalty);
  return options;
}

Sampler::Sampler(SamplingOptions options) : options_(std::move(options)), state_(options_.seed) {}

void Sampler::stand_where(const Sampler& other) {
  state_ = other.state_;
  seen_ = other.seen_;
  next_seen_ = other.next_seen_;
}

// splitmix64 (Steele, Lea and Flood 2014): the same stream everywhere.
double Sampler::uniform() {
  state_ += 0x9E3779B97F4A7C15ull;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53;
}

bool Sampler::penalises() const {
  return options_.repetition_penalty != 1 || options_.presence_penalty != 0 ||
         options_.frequency_penalty != 0;
}

bool Sampler::adjusts() const { return penalises() || !options_.logit_bias.empty(); }

void Sampler::penalise(std::vector<float>& logits) const {
  for (const auto& [token, bias] : options_.logit_bias) {
    if (static_cast<std::size_t>(token) < logits.size())
      logits[static_cast<std::size_t>(token)] += bias;
  }
  if (!penalises()) return;
  std::vector<TokenId> seen = seen_;
  std::ranges::sort(seen);
  for (std::size_t i = 0; i < seen.size();) {
    std::size_t end = i;
    while (end < seen.size() && seen[end] == seen[i]) ++end;
    float& logit = logits[static_cast<std::size_t>(seen[i])];
    logit = logit > 0 ? logit / options_.repetition_penalty : logit * options_.repetition_penalty;
    logit -= options_.presence_penalty + options_.frequency_penalty * static_cast<float>(end - i);
    i = end;
  }
}

// Keeps the most likely candidates that together have the given share, best first; returns what
// they have. A heap, because a few of many are kept.
double Sampler::cut_to_share(double share) {
  const auto worse = [](const auto& a, const auto& b) { return before(b, a); };
  std::ranges::make_heap(candidates_, worse);
  double kept = 0;
  auto end = candidates_.end();
  do {
    std::pop_heap(candidates_.begin(), end--, worse);
    kept += end->first;
  } while (kept < share && end != candidates_.begin());
  candidates_.erase(candidates_.begin(), end);
  std::ranges::reverse(candidates_);
  return kept;
}

// Of the adjusted logits.
void Sampler::keep_only(std::span<const TokenId> allowed) {
  std::vector<std::pair<float, TokenId>> kept;
  for (const TokenId id : allowed) {
    if (static_cast<std::size_t>(id) < adjusted_.size())
      kept.emplace_back(adjusted_[static_cast<std::size_t>(id)], id);
  }
  std::ranges::fill(adjusted_, -std::numeric_limits<float>::infinity());
  for (const auto& [logit, id] : kept) adjusted_[static_cast<std::size_t>(id)] = logit;
}

Result<SampledToken> Sampler::sample(std::span<const float> logits,
                                     std::optional<std::span<const TokenId>> allowed) {
  Peak peak = peak_of(logits);
  if (!peak.are_numbers) {
    const auto number = std::ranges::find_if(logits, [](float v) {
      return std::isnan(v) || v == std::numeric_limits<float>::infinity();
    });
    return make_error(ErrorCode::kDamaged,
                      "What the model gave for token {} is not a number: its file is damaged.",
                      "토큰 {}의 값이 숫자가 아닙니다. 모델 파일이 손상되었습니다.",
                      number - logits.begin())
        .advise(AdviceKind::kCheckModel);
  }
  SampledToken sampled;
  std::span<const float> adjusted = logits;
  if (adjusts() || allowed) {
    adjusted_.assign(logits.begin(), logits.end());
    penalise(adjusted_);
    if (allowed) keep_only(*allowed);
    adjusted = adjusted_;
    peak = peak_of(adjusted);
  }
  if (adjusted[peak.index] == -std::numeric_limits<float>::infinity()) {
    return make_error(
        ErrorCode::kInvalidArgument,
        "No token is left to choose: logit-bias bans all that the model would give, "
        "or its vocabulary cannot write what is asked for.",
        "고를 수 있는 토큰이 없습니다. logit-bias가 모든 토큰을 막았거나, 요청한 글을 "
        "이 모델의 어휘로 쓸 수 없습니다.");
  }
  sampled.token = draw(adjusted, peak.index);
  if (options_.logprobs > 0) report(logits, sampled);

  if (options_.penalty_window > 0) {
    if (seen_.size() < options_.penalty_window) {
      seen_.push_back(sampled.token);
    } else {
      seen_[next_seen_++ % seen_.size()] = sampled.token;
    }
  }
  return sampled;
}

void Sampler::report(std::span<const float> logits, SampledToken& sampled) {
  const double total = log_sum_exp(logits, *std::ranges::max_element(logits));
  const auto logprob = [&](TokenId id) {
    return static_cast<float>(logits[static_cast<std::size_t>(id)] - total);
  };
  sampled.logprob = logprob(sampled.token);
  candidates_.clear();
  for (std::size_t i = 0; i < logits.size(); ++i) {
    candidates_.emplace_back(logits[i], static_cast<TokenId>(i));
  }
  const std::size_t n = std::min<std::size_t>(options_.logprobs, candidates_.size());
  std::partial_sort(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(n),
                    candidates_.end(), before);
  for (std::size_t i = 0; i < n; ++i) {
    sampled.most_likely.push_back({candidates_[i].second, logprob(candidates_[i].second)});
  }
}

TokenId Sampler::draw(std::span<const float> logits, std::size_t best_index) {
  if (options_.temperature == 0) return static_cast<TokenId>(best_index);
  const float best = logits[best_index];

  // A token e^-20 times as likely as the best one would be drawn once in 10^8 or so; only those
  // above are sorted, which keeps a draw from 262,144 tokens short.
  const float threshold = best - 20.0f * std::max(options_.temperature, 1e-6f);
  const float least =
      options_.min_p > 0
          ? std::max(threshold, best + options_.temperature * std::log(options_.min_p))
          : threshold;
  candidates_.clear();
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (logits[i] >= least) candidates_.emplace_back(logits[i], static_cast<TokenId>(i));
  }
  if (options_.top_k > 0 && candidates_.size() > static_cast<std::size_t>(options_.top_k)) {
    std::nth_element(candidates_.begin(), candidates_.begin() + options_.top_k, candidates_.end(),
                     before);
    candidates_.resize(static_cast<std::size_t>(options_.top_k));
    // nth_element leaves an order that differs between libraries; sums depend on it.
    std::ranges::sort(candidates_, before);
  }

  double sum = 0;
  for (auto& candidate : candidates_) {
    candidate.first = std::exp((candidate.first - best) / options_.temperature);
    sum += candidate.first;
  }
  if (options_.top_p < 1) sum = cut_to_share(options_.top_p * sum);
  double left = uniform() * sum;
  for (const auto& [probability, token] : candidates_) {
    left -= probability;
    if (left < 0) return token;
  }
  return candidates_.back().second;
}

}  // namespace saseo
