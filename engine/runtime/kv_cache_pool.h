// The sequences whose keys and values stay in memory, shared by the sessions of one model: a prompt
// takes the one that begins most like it, whoever left it there.
//
// What a taken sequence holds beyond the shared beginning is lost, unless that is more than the
// beginning itself and memory has room for both: then the beginning is copied (a prompt about other
// passages shares the instructions alone, and copying costs a hundredth of computing). Where several
// conversations went on at the same time lately, it is copied whenever there is room without
// forgetting any: another may ask for the same beginning before this one comes back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "engine/forward/kv_cache.h"
#include "engine/runtime/kv_store.h"
#include "engine/runtime/prefix_trie.h"

namespace saseo {

// A sequence with what it holds.
struct ResidentSequence {
  KvCache cache;
  std::vector<TokenId> tokens;  // cache.length()
  std::uint64_t reserved = 0;   // Bytes that the pool counts for it while it is taken.
};

// Thread-safe. Sequences that are taken belong to who took them and serve nobody else.
class KvCachePool {
 public:
  // `max_bytes`: of all sequences together, taken or not, by the positions that they may write; a
  // single one is always given. `store` may be empty.
  KvCachePool(const ModelConfig& config, const KvCacheOptions& options, std::uint64_t max_bytes,
              std::unique_ptr<KvStore> store = nullptr);

  // A sequence that holds the longest beginning of `prompt` that is resident, and nothing else, to
  // be grown to `positions` at most. The least recently used are forgotten for it.
  ResidentSequence take(std::span<const TokenId> prompt, std::uint32_t positions);
  // Keeps it for others. One whose tokens are not what its cache holds is dropped.
  void give_back(ResidentSequence sequence);

  void clear();  // Forgets all that is not taken.
  std::size_t resident() const;
  KvStore* store() { return store_.get(); }  // nullptr: nothing is kept on disk.
  std::uint32_t context() const;             // Positions that a sequence may have.

 private:
  using Holder = PrefixTrie::Holder;  // Grows with each use: the smallest is the oldest.

  std::uint64_t bytes_of(std::uint32_t positions) const;
  bool has_room(std::uint64_t bytes) const {
    return resident_bytes_ + taken_bytes_ + bytes <= max_bytes_;
  }
  // Forgets the oldest until `bytes` more have room; not `kept`. Whether they have.
  bool make_room(std::uint64_t bytes, Holder kept);
  ResidentSequence remove(Holder holder);

  const ModelConfig config_;
  const KvCacheOptions options_;
  const std::uint64_t max_bytes_;
  const std::unique_ptr<KvStore> store_;
  mutable std::mutex mutex_;
  std::map<Holder, ResidentSequence> resident_;
  PrefixTrie trie_;
  Holder next_ = 1;
  // Takes while no other sequence was taken, since one was: so many tell of one user alone.
  static constexpr std::uint64_t kTakesToRememberOthers = 8;
  std::uint64_t takes_since_others_ = kTakesToRememberOthers;
  std::uint64_t resident_bytes_ = 0, taken_bytes_ = 0;
};

}  // namespace saseo
