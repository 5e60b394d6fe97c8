#include "engine/runtime/kv_cache_pool.h"

#include <algorithm>
#include <cassert>

#include "engine/forward/kv_cache_io.h"

namespace saseo {

KvCachePool::KvCachePool(const ModelConfig& config, const KvCacheOptions& options,
                         std::uint64_t max_bytes, std::unique_ptr<KvStore> store)
    : config_(config), options_(options), max_bytes_(max_bytes), store_(std::move(store)) {}

std::uint32_t KvCachePool::context() const {
  return options_.context != 0 ? options_.context : config_.context;
}

std::uint64_t KvCachePool::bytes_of(std::uint32_t positions) const {
  KvCacheOptions options = options_;
  options.context = std::max(positions, 1u);
  return kv_cache_bytes(config_, options);
}

ResidentSequence KvCachePool::remove(Holder holder) {
  const auto at = resident_.find(holder);
  ResidentSequence sequence = std::move(at->second);
  resident_.erase(at);
  trie_.remove(sequence.tokens, holder);
  resident_bytes_ -= sequence.cache.bytes_written();
  return sequence;
}

bool KvCachePool::make_room(std::uint64_t bytes, Holder kept) {
  for (auto oldest = resident_.begin(); !has_room(bytes) && oldest != resident_.end();) {
    const Holder holder = (oldest++)->first;
    if (holder != kept) remove(holder);
  }
  return has_room(bytes);
}

ResidentSequence KvCachePool::take(std::span<const TokenId> prompt, std::uint32_t positions) {
  const std::scoped_lock lock(mutex_);
  takes_since_others_ = taken_bytes_ > 0 ? 0 : takes_since_others_ + 1;
  const std::uint64_t need = bytes_of(positions);
  const std::vector<PrefixTrie::Match> matches = trie_.matches(prompt);
  const auto best = std::ranges::find_if(matches, [&](const PrefixTrie::Match& match) {
    return resident_.at(match.holder).cache.can_truncate(match.common);
  });
  ResidentSequence taken;
  if (best != matches.end()) {
    ResidentSequence& holder = resident_.at(best->holder);
    const bool worth_keeping = holder.tokens.size() - best->common > best->common;
    const bool wanted_by_others = takes_since_others_ < kTakesToRememberOthers && has_room(need);
    if (wanted_by_others || (worth_keeping && make_room(need, best->holder))) {
      taken.cache = KvCache(config_, options_);
      if (copy_beginning(holder.cache, taken.cache, best->common))
        taken.tokens.assign(prompt.begin(), prompt.begin() + best->common);
    } else {
      taken = remove(best->holder);
      taken.cache.truncate(best->common);
      taken.tokens.resize(best->common);
      make_room(std::max(need, taken.cache.bytes_written()), 0);
    }
  } else {
    make_room(need, 0);
    taken.cache = KvCache(config_, options_);
  }
  taken.reserved = std::max(need, taken.cache.bytes_written());
  taken_bytes_ += taken.reserved;
  return taken;
}

void KvCachePool::give_back(ResidentSequence sequence) {
  const std::scoped_lock lock(mutex_);
  taken_bytes_ -= std::min(taken_bytes_, sequence.reserved);
  sequence.reserved = 0;
  if (sequence.tokens.empty() || sequence.tokens.size() != sequence.cache.length()) return;
  const Holder holder = next_++;
  trie_.insert(sequence.tokens, holder);
  resident_bytes_ += sequence.cache.bytes_written();
  resident_.emplace(holder, std::move(sequence));
  make_room(0, holder);
}

void KvCachePool::clear() {
  const std::scoped_lock lock(mutex_);
  while (!resident_.empty()) remove(resident_.begin()->first);
}

std::size_t KvCachePool::resident() const {
  const std::scoped_lock lock(mutex_);
  return resident_.size();
}

}  // namespace saseo
