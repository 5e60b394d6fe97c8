#include "engine/runtime/kv_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <ctime>
#include <tuple>

#include "base/files.h"
#include "base/hash.h"
#include "base/message.h"
#include "engine/forward/kv_cache_io.h"
#include "engine/kernels/matmul.h"
#include "engine/runtime/memory_plan.h"

namespace saseo {
namespace fs = std::filesystem;
namespace {

constexpr int kRowFormat = 1;  // Of rows and header; part of the settings.
constexpr std::size_t kHashDigits = 32;
constexpr std::string_view kSuffix = ".kv";

bool is_hash(std::string_view text) {
  return text.size() == kHashDigits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// "<hash>-<hash>.kv", perhaps with what mkostemp() adds: nothing else of the folder is touched.
bool is_store_name(std::string_view name, bool temporary) {
  constexpr std::size_t kStem = 2 * kHashDigits + 1;
  if (name.size() < kStem + kSuffix.size() || name[kHashDigits] != '-') return false;
  const std::string_view rest = name.substr(kStem);
  return is_hash(name.substr(0, kHashDigits)) &&
         is_hash(name.substr(kHashDigits + 1, kHashDigits)) &&
         (temporary ? rest.starts_with(".kv.") && rest.size() == 10 : rest == kSuffix);
}

struct Listed {
  fs::path path;
  std::uint64_t bytes = 0;
  timespec used{};
};

std::vector<Listed> list(const fs::path& folder, bool temporary) {
  std::vector<Listed> found;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (!is_store_name(entry->path().filename().string(), temporary)) continue;
    struct stat info {};
    if (::lstat(entry->path().c_str(), &info) != 0) continue;  // Gone meanwhile.
    found.push_back({entry->path(), static_cast<std::uint64_t>(info.st_size), info.st_mtim});
  }
  return found;
}

// Used now. False: there is no such file, or it is another's.
bool touch(const fs::path& path) {
  return ::utimensat(AT_FDCWD, path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0;
}

std::string hash_of(const KvStoreSettings& settings) {
  const ModelConfig& c = settings.config;
  return content_hash(fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", kRowFormat,
      settings.model, architecture_name(c.architecture), c.layers, c.d, c.ff, c.heads, c.kv_heads,
      c.head_dim, c.vocab, c.context, c.rms_epsilon, c.query_scale, c.window, c.window_period,
      c.attention_softcap, c.logit_softcap, c.rope_base_global, c.rope_base_local,
      c.rope_scale_global, static_cast<int>(settings.type), static_cast<int>(settings.arithmetic),
      matmul_kernels().name));
}

}  // namespace

KvStoreUsage kv_store_usage(const fs::path& folder) {
  KvStoreUsage usage;
  for (const Listed& file : list(folder, false)) {
    ++usage.files;
    usage.bytes += file.bytes;
  }
  return usage;
}

Result<std::unique_ptr<KvStore>> KvStore::open(const KvStoreOptions& options,
                                               const KvStoreSettings& settings) {
  std::error_code failure;
  if (const fs::path parent = options.folder.parent_path(); !parent.empty())
    fs::create_directories(parent, failure);
  if (::mkdir(options.folder.c_str(), 0700) != 0 && errno != EEXIST)
    return io_error(options.folder, errno);
  if (!fs::is_directory(options.folder, failure))
    return make_error(ErrorCode::kInvalidArgument, "{}: no folder; prompts cannot be kept there",
                      "{}: 폴더가 아니어서 프롬프트를 보관할 수 없습니다", options.folder.string())
        .advise(AdviceKind::kChooseKeptPromptsFolder);
  return std::unique_ptr<KvStore>(new KvStore(options, settings));
}

KvStore::KvStore(KvStoreOptions options, const KvStoreSettings& settings)
    : options_(std::move(options)), settings_(settings), settings_hash_(hash_of(settings)) {}

fs::path KvStore::path_of(std::span<const TokenId> tokens) const {
  const auto bytes = std::as_bytes(tokens);
  return options_.folder /
         fmt::format("{}-{}{}", settings_hash_,
                     content_hash({reinterpret_cast<const char*>(bytes.data()), bytes.size()}),
                     kSuffix);
}

void KvStore::look_for_files() {
  const std::vector<Listed> there = list(options_.folder, false);
  std::vector<Stored> gone;
  for (const auto& [stored, file] : files_)
    if (std::ranges::find(there, file.path, &Listed::path) == there.end()) gone.push_back(stored);
  for (const Stored stored : gone) forget(stored);
  for (const Listed& listed : there) {
    if (!listed.path.filename().string().starts_with(settings_hash_)) continue;
    const bool known = std::ranges::any_of(
        files_, [&](const auto& file) { return file.second.path == listed.path; });
    if (known) continue;
    Result<KvFileReader> reader =
        KvFileReader::open(listed.path, settings_hash_, settings_.config, settings_.type);
    if (!reader.ok() && reader.error().code == ErrorCode::kNotFound) continue;  // Gone meanwhile.
    if (reader.ok() && path_of(reader->file().tokens) != listed.path)
      reader = make_error(ErrorCode::kDamaged, "renamed", "이름이 바뀜");
    if (!reader.ok()) {
      remove(listed.path, reader.error().message);
      continue;
    }
    const Stored stored = next_++;
    trie_.insert(reader->file().tokens, stored);
    files_[stored] = reader->file();
  }
}

void KvStore::forget(Stored stored) {
  const auto file = files_.find(stored);
  if (file == files_.end()) return;
  trie_.remove(file->second.tokens, stored);
  files_.erase(file);
}

void KvStore::remove(const fs::path& path, const Message& why) {
  if (!ignored_.insert(path).second) return;  // Told before, and could not be removed.
  notes_.push_back({message("{}: ignored and removed ({})", "{}: 쓰지 않고 지움({})",
                            path.filename().string(), why)});
  if (::unlink(path.c_str()) == 0) ignored_.erase(path);
}

std::optional<KvStore::Stored> KvStore::load(std::span<const TokenId> prompt, KvCache& cache) {
  const std::scoped_lock lock(mutex_);
  assert(cache.type() == settings_.type && cache.length() <= prompt.size());
  look_for_files();
  for (const PrefixTrie::Match& match : trie_.matches(prompt)) {
    if (match.common < cache.length() + kMinTokens) return std::nullopt;
    const KvFile& known = files_.at(match.holder);
    if (!can_adopt(cache, known.length(), known.local_first, match.common - 1)) continue;
    // Opened again: the file may have gone or changed since.
    Result<KvFileReader> reader =
        KvFileReader::open(known.path, settings_hash_, settings_.config, settings_.type);
    Status status = reader.ok() ? Status() : Status(reader.error());
    if (status.ok() &&
        (reader->file().tokens != known.tokens || reader->file().local_first != known.local_first))
      status = make_error(ErrorCode::kDamaged, "changed", "바뀜");
    // Read whole even where less is shared: the checksum is of all.
    if (status.ok()) status = reader->read_rows(cache);
    if (!status.ok()) {
      if (status.error().code != ErrorCode::kNotFound) remove(known.path, status.error().message);
      forget(match.holder);
      continue;
    }
    cache.truncate(match.common);
    touch(known.path);  // Where that is refused, it goes the earlier.
    return match.holder;
  }
  return std::nullopt;
}

void KvStore::reject(Stored stored) {
  const std::scoped_lock lock(mutex_);
  const auto file = files_.find(stored);
  if (file == files_.end()) return;
  remove(file->second.path, message("not what this program computes", "이 프로그램의 계산과 다름"));
  forget(stored);
}

void KvStore::save(std::span<const TokenId> tokens, KvCache& cache) {
  const std::scoped_lock lock(mutex_);
  const auto length = static_cast<std::uint32_t>(tokens.size());
  if (length < kMinTokens || length > cache.length()) return;
  const std::optional<std::uint32_t> local_first = local_first_of(cache, length);
  if (!local_first) return;
  const KvFile file = {path_of(tokens), {tokens.begin(), tokens.end()}, *local_first};
  const std::uint64_t bytes = kv_file_bytes(settings_.config, settings_.type, length, *local_first);
  if (touch(file.path)) return;
  if (bytes > options_.max_bytes) {
    notes_.push_back({message("{} tokens take {}, more than the {} of all kept prompts: not stored",
                              "{}토큰은 {}로 보관할 프롬프트 전체의 한도 {}를 넘어 저장하지 않음",
                              length, format_bytes(bytes), format_bytes(options_.max_bytes)),
                      {{AdviceKind::kRaiseKeptPromptsSize, ""}}});
    return;
  }
  make_room(bytes);
  if (const Status written = write_kv_file(file, settings_hash_, cache); !written.ok()) {
    notes_.push_back({message("not stored: {}", "저장하지 못함: {}", written.error().message),
                      written.error().advice});
    return;
  }
  make_room(0);  // Others may have written meanwhile.
}

void KvStore::make_room(std::uint64_t bytes) {
  std::vector<Listed> files = list(options_.folder, false);
  std::ranges::sort(files, [](const Listed& a, const Listed& b) {
    return std::tuple(a.used.tv_sec, a.used.tv_nsec, a.path) <
           std::tuple(b.used.tv_sec, b.used.tv_nsec, b.path);
  });
  for (const Listed& file : files) bytes += file.bytes;
  for (const Listed& file : files) {
    if (bytes <= options_.max_bytes) break;
    ::unlink(file.path.c_str());
    bytes -= file.bytes;
  }
  // What writers left that were killed.
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  constexpr time_t kHour = 3600;
  for (const Listed& file : list(options_.folder, true))
    if (file.used.tv_sec < now.tv_sec - kHour) ::unlink(file.path.c_str());
}

std::vector<Notice> KvStore::take_notes() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(notes_, {});
}

}  // namespace saseo
