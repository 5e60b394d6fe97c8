#include "engine/vocabulary/piece_merger.h"

#include <algorithm>
#include <cassert>
#include <functional>

namespace saseo {
namespace {

// Up to here, looking at every pair for each merge is faster than a heap.
constexpr std::size_t kShortRun = 24;
// Words that are remembered, each in the one place that its hash gives it.
constexpr std::size_t kKnownRuns = 4096;
constexpr std::size_t kLongestKnownRun = 64;

// The first character. One that is broken does not take the space after it apart.
std::string_view first_character(std::string_view text) {
  const std::size_t length = character_length(text);
  if (length == 1) return text.substr(0, 1);
  return text.substr(
      0, std::min(length, text.substr(0, length + kSpaceMark.size() - 1).find(kSpaceMark, 1)));
}

}  // namespace

PieceMerger::PieceMerger(const PieceIndex& index, std::size_t text_bytes) : index_(index) {
  marked_.reserve(text_bytes * kSpaceMark.size());
  // A short text has few words to meet again.
  if (text_bytes >= 512) known_.resize(kKnownRuns);
}

void PieceMerger::append(std::string_view text, std::vector<TokenId>& ids) {
  const std::size_t begin = marked_.size();
  for (const char c : text) c == ' ' ? marked_ += kSpaceMark : marked_ += c;
  assert(marked_.size() <= marked_.capacity());
  std::string_view rest = std::string_view(marked_).substr(begin);
  while (!rest.empty()) {
    std::string_view character = first_character(rest);
    std::size_t length = character.size();
    while (length < rest.size()) {
      const std::string_view next = first_character(rest.substr(length));
      if (!index_.may_join(character, next)) break;
      character = next;
      length += next.size();
    }
    append_run(rest.substr(0, length), ids);
    rest.remove_prefix(length);
  }
}

void PieceMerger::append_run(std::string_view run, std::vector<TokenId>& ids) {
  KnownRun* known = nullptr;
  if (!known_.empty() && run.size() <= kLongestKnownRun) {
    known = &known_[std::hash<std::string_view>()(run) % kKnownRuns];
    if (known->text == run) {
      for (std::size_t i = known->begin; i < known->end; ++i) ids.push_back(ids[i]);
      return;
    }
  }
  const std::size_t begin = ids.size();
  set_symbols(run);
  symbols_.size() <= kShortRun ? merge_by_scanning() : merge_by_heap();
  for (std::uint32_t i = 0; i != kNone; i = symbols_[i].next) {
    const Symbol& symbol = symbols_[i];
    const TokenId token = symbol.token != kNoToken ? symbol.token : index_.find(symbol.text);
    token != kNoToken ? ids.push_back(token) : index_.append_bytes(symbol.text, ids);
  }
  if (known != nullptr) *known = {run, begin, ids.size()};
}

void PieceMerger::set_symbols(std::string_view run) {
  symbols_.clear();
  while (!run.empty()) {
    const std::string_view character = first_character(run);
    const auto place = static_cast<std::uint32_t>(symbols_.size());
    symbols_.push_back({.text = character, .previous = place - 1, .next = place + 1});
    run.remove_prefix(character.size());
  }
  symbols_.back().next = kNone;
  for (std::uint32_t i = 0; i < symbols_.size(); ++i) look_up_pair(i);
}

void PieceMerger::look_up_pair(std::uint32_t left) {
  Symbol& symbol = symbols_[left];
  symbol.pair_rank = kNone;
  if (symbol.next == kNone) return;
  const std::size_t length = symbol.text.size() + symbols_[symbol.next].text.size();
  symbol.pair_token = index_.find({symbol.text.data(), length});
  if (symbol.pair_token != kNoToken) symbol.pair_rank = index_.rank(symbol.pair_token);
}

void PieceMerger::merge(std::uint32_t at) {
  Symbol& left = symbols_[at];
  Symbol& right = symbols_[left.next];
  left.text = {left.text.data(), left.text.size() + right.text.size()};
  left.token = left.pair_token;
  left.next = right.next;
  right.pair_rank = kNone;
  if (left.next != kNone) symbols_[left.next].previous = at;
  look_up_pair(at);
  if (left.previous != kNone) look_up_pair(left.previous);
}

void PieceMerger::merge_by_scanning() {
  while (true) {
    std::uint32_t best = 0;
    for (std::uint32_t i = symbols_[0].next; i != kNone; i = symbols_[i].next) {
      if (symbols_[i].pair_rank < symbols_[best].pair_rank) best = i;
    }
    if (symbols_[best].pair_rank == kNone) return;
    merge(best);
  }
}

// Candidates are rank << 32 | place: the least is the best. One whose rank is no longer that of its
// pair is out of date.
void PieceMerger::merge_by_heap() {
  candidates_.clear();
  const auto consider = [&](std::uint32_t at) {
    if (at == kNone || symbols_[at].pair_rank == kNone) return false;
    candidates_.push_back(std::uint64_t{symbols_[at].pair_rank} << 32 | at);
    return true;
  };
  for (std::uint32_t i = 0; i < symbols_.size(); ++i) consider(i);
  std::ranges::make_heap(candidates_, std::greater<>());
  while (!candidates_.empty()) {
    const std::uint64_t best = candidates_.front();
    std::ranges::pop_heap(candidates_, std::greater<>());
    candidates_.pop_back();
    const auto at = static_cast<std::uint32_t>(best);
    if (symbols_[at].pair_rank != best >> 32) continue;
    merge(at);
    for (const std::uint32_t changed : {at, symbols_[at].previous}) {
      if (consider(changed)) std::ranges::push_heap(candidates_, std::greater<>());
    }
  }
}

}  // namespace saseo
