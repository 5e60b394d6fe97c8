#include "engine/runtime/prompt_lookup.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

namespace saseo {
namespace {

constexpr std::array<std::size_t, 8> kRunLengths = {1, 2, 3, 4, 6, 8, 12, 16};
constexpr std::size_t kSlotsPerToken = 2 * kRunLengths.size();  // Half of them stay empty.
constexpr std::size_t kRoomForAnswer = 1024;
constexpr std::size_t kLongestMatch = 64;

// A grade for each of these lengths of what stood before, and the share of right guesses that is
// expected of it. What stood in the prompt has grades apart from what stood in the answer, where
// marks such as "[1]" stand before something new each time.
struct Grade {
  std::size_t least;
  double share;
};
constexpr std::array<Grade, 8> kGrades = {
    {{1, 0.12}, {2, 0.3}, {3, 0.45}, {4, 0.55}, {5, 0.65}, {7, 0.75}, {10, 0.85}, {16, 0.9}}};
static_assert(2 * kGrades.size() <= kDraftGrades);

DraftGrade grade_of(std::size_t length, bool in_answer) {
  const auto above =
      std::ranges::upper_bound(kGrades, length, {}, [](const Grade& grade) { return grade.least; });
  const auto grade = static_cast<std::size_t>(above - kGrades.begin() - 1);
  return static_cast<DraftGrade>(grade + (in_answer ? kGrades.size() : 0));
}

// Calls visit(length, hash) for each run length of the tokens that end with `end`, shortest first.
template <typename Visit>
void for_each_run(std::span<const TokenId> tokens, std::size_t end, Visit&& visit) {
  std::uint64_t hash = 0;
  std::size_t length = 0;
  for (const std::size_t wanted : kRunLengths) {
    if (wanted > end) return;
    for (; length < wanted; ++length) {
      hash ^= static_cast<std::uint64_t>(tokens[end - 1 - length]) + 1;
      hash *= 0x9E3779B97F4A7C15ull;
      hash ^= hash >> 29;
    }
    visit(wanted, hash);
  }
}

}  // namespace

Status PromptLookup::begin(std::span<const TokenId> prompt, const SamplingOptions& /*sampling*/,
                           const std::stop_token& /*stop*/) {
  tokens_.assign(prompt.begin(), prompt.end());
  prompt_tokens_ = prompt.size();
  grow(tokens_.size() + kRoomForAnswer);
  find();
  if (!tokens_.empty()) enter(tokens_.size() - 1);
  return {};
}

void PromptLookup::push(TokenId token) {
  tokens_.push_back(token);
  if (tokens_.size() * kSlotsPerToken > latest_.size()) grow(2 * tokens_.size());
  find();
  enter(tokens_.size() - 1);
}

// All tokens but the last are entered anew: that one is still to be looked up.
void PromptLookup::grow(std::size_t tokens) {
  latest_.assign(std::bit_ceil(tokens * kSlotsPerToken), {});
  for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) enter(i);
}

std::size_t PromptLookup::slot_of(std::uint64_t hash) const {
  std::size_t slot = (hash >> 32) & (latest_.size() - 1);
  while (latest_[slot].end != 0 && latest_[slot].hash != static_cast<std::uint32_t>(hash))
    slot = (slot + 1) & (latest_.size() - 1);
  return slot;
}

void PromptLookup::enter(std::size_t position) {
  for_each_run(tokens_, position + 1, [&](std::size_t, std::uint64_t hash) {
    latest_[slot_of(hash)] = {static_cast<std::uint32_t>(hash),
                              static_cast<std::uint32_t>(position + 1)};
  });
}

void PromptLookup::find() {
  match_length_ = match_end_ = 0;
  const std::size_t end = tokens_.size();
  for_each_run(tokens_, end, [&](std::size_t length, std::uint64_t hash) {
    const std::size_t found = latest_[slot_of(hash)].end;
    if (found < length) return;
    const auto last = tokens_.begin() + static_cast<std::ptrdiff_t>(end);
    const auto there = tokens_.begin() + static_cast<std::ptrdiff_t>(found);
    const auto run = static_cast<std::ptrdiff_t>(length);
    if (!std::equal(there - run, there, last - run)) return;
    match_end_ = found;
    match_length_ = length;
  });
  while (match_length_ > 0 && match_length_ < std::min(kLongestMatch, match_end_) &&
         tokens_[match_end_ - 1 - match_length_] == tokens_[end - 1 - match_length_]) {
    ++match_length_;
  }
}

std::span<const DraftGrade> PromptLookup::grades(std::size_t most) {
  grades_.clear();
  if (match_length_ == 0) return grades_;
  const bool in_answer = match_end_ >= prompt_tokens_;
  for (std::size_t i = 0; i < most; ++i) grades_.push_back(grade_of(match_length_ + i, in_answer));
  return grades_;
}

Result<std::span<const TokenId>> PromptLookup::draft(std::size_t count, const Sampler& /*sampler*/,
                                                     const std::stop_token& /*stop*/) {
  assert(count == 0 || match_length_ > 0);
  draft_.clear();
  // A place close to the end goes on into the draft itself: what repeats is taken to go on so.
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = match_end_ + i;
    draft_.push_back(from < tokens_.size() ? tokens_[from] : draft_[from - tokens_.size()]);
  }
  return std::span<const TokenId>(draft_);
}

double PromptLookup::expected_share(DraftGrade grade) const {
  return kGrades[grade % kGrades.size()].share;
}

}  // namespace saseo
