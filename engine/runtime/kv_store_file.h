// The form of a stored beginning (kv_store.h), little-endian:
//
//    0  8  magic "saseoKV1"
//    8 16  hash of the settings: model, shape, type of keys and values, kernels, arithmetic
//   24  4  n, the positions
//   28  4  the first position of layers with a window (kv_cache_io.h)
//   32 4n  the tokens
//       8  XXH3 of all before
//       .  the rows in the order of kv_cache_io.h
//       8  XXH3 of all before
//
// Everything is checked before it is used: what is not whole, or not a file of this user alone, is
// an error with a short reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/forward/kv_cache.h"
#include "engine/vocabulary/vocabulary.h"

namespace saseo {

struct KvFile {
  std::filesystem::path path;
  std::vector<TokenId> tokens;
  std::uint32_t local_first = 0;

  std::uint32_t length() const { return static_cast<std::uint32_t>(tokens.size()); }
};

std::uint64_t kv_file_bytes(const ModelConfig& config, KvType type, std::uint32_t length,
                            std::uint32_t local_first);

// Writes beside the path and renames. Not synced: what a power failure leaves is told by its size
// or checksum. `cache` begins with the tokens and holds them from local_first_of() on.
// `settings_hash`: 32 hexadecimal digits.
Status write_kv_file(const KvFile& file, std::string_view settings_hash, KvCache& cache);

// An open file. Movable. Thread-compatible.
class KvFileReader {
 public:
  // Reads and checks all but the rows. Fails with kNotFound where there is no file, with kDamaged
  // where it is not such a one of these settings.
  static Result<KvFileReader> open(const std::filesystem::path& path,
                                   std::string_view settings_hash, const ModelConfig& config,
                                   KvType type);
  KvFileReader(KvFileReader&& other) noexcept;
  KvFileReader& operator=(KvFileReader&& other) noexcept;
  ~KvFileReader();

  const KvFile& file() const { return file_; }
  // Makes the cache hold the file's tokens and nothing else; can_adopt() must hold. Where the rows
  // are damaged it is empty afterwards.
  Status read_rows(KvCache& cache) const;

 private:
  KvFileReader() = default;
  Status read_header(std::string_view settings_hash, const ModelConfig& config, KvType type);
  Status read(std::uint64_t offset, std::span<std::byte> bytes) const;

  KvFile file_;
  std::string settings_;  // As in the header.
  int fd_ = -1;
};

}  // namespace saseo
