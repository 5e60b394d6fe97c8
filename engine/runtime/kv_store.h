// Beginnings of prompts on disk: their keys and values in files, so that a later process starts
// from them. One file a beginning (kv_store_file.h), "<settings>-<tokens>.kv", both in
// hashes.
//
// The files hold the text of documents in another form: they are their owner's alone (0600 in a
// folder of 0700), and files of another owner or with other rights are not read. A file that is not
// what was written is removed and computed afresh. Checksums tell damage, not malice: the session
// computes the last position again and compares it bit by bit (session.cpp), which also tells
// whether this program computes what the one that wrote the file did.
//
// Processes share a folder without locks: files appear and go whole (rename, unlink) and are read
// through their descriptor, never mapped, so that one that is cut short meanwhile is an error and
// no fault.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/forward/kv_cache.h"
#include "engine/forward/matmul.h"
#include "engine/model/model.h"
#include "engine/runtime/kv_store_file.h"
#include "engine/runtime/prefix_trie.h"

namespace saseo {

struct KvStoreOptions {
  std::filesystem::path folder;
  // Of all files of the folder together, of every model; the least recently used go first.
  std::uint64_t max_bytes = std::uint64_t{2} << 30;
};

// What decides the bits of keys and values beside the tokens.
struct KvStoreSettings {
  std::string model;  // Names the weights: model_identity(), or the SHA-256 of the file.
  ModelConfig config;
  KvType type = KvType::kF16;
  Arithmetic arithmetic = Arithmetic::kInteger;
};

// The files of a folder that are a store's.
struct KvStoreUsage {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};
KvStoreUsage kv_store_usage(const std::filesystem::path& folder);

// Thread-safe: one call at a time, the others wait.
class KvStore {
 public:
  // Shorter beginnings are not worth a file.
  static constexpr std::uint32_t kMinTokens = 64;

  // Makes the folder where there is none. Fails when it cannot be one.
  static Result<std::unique_ptr<KvStore>> open(const KvStoreOptions& options,
                                               const KvStoreSettings& settings);

  using Stored = PrefixTrie::Holder;
  // Reads the file that shares most with `prompt` into `cache`, which holds a beginning of it,
  // where that is at least kMinTokens more. The cache then holds cache.length() tokens of the
  // prompt and can compute the last of them again. nullopt: there is none, and `cache` is as
  // before, or empty where a file turned out to be damaged while it was read.
  std::optional<Stored> load(std::span<const TokenId> prompt, KvCache& cache);
  // What was loaded is not what is computed: removes the file.
  void reject(Stored stored);
  // Writes the beginning of `cache`, which are these tokens, unless it is there already.
  void save(std::span<const TokenId> tokens, KvCache& cache);

  // What was ignored, removed or could not be written since the last call, for people.
  std::vector<Notice> take_notes();

 private:
  KvStore(KvStoreOptions options, const KvStoreSettings& settings);
  std::filesystem::path path_of(std::span<const TokenId> tokens) const;
  void look_for_files();
  void forget(Stored stored);
  void remove(const std::filesystem::path& path, const Message& why);
  void make_room(std::uint64_t bytes);

  const KvStoreOptions options_;
  const KvStoreSettings settings_;
  std::string settings_hash_;  // 32 hexadecimal digits.
  std::mutex mutex_;
  std::map<Stored, KvFile> files_;  // Of these settings, whose headers were read.
  PrefixTrie trie_;
  Stored next_ = 1;
  std::set<std::filesystem::path> ignored_;  // That could not be removed.
  std::vector<Notice> notes_;
};

}  // namespace saseo
