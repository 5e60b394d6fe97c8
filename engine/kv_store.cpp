#include "engine/kv_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "base/hash.h"
#include "base/message.h"
#include "engine/kernels/matmul.h"
#include "engine/kv_cache_io.h"
#include "engine/memory_plan.h"

namespace saseo {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMagic = 0x31564b6f65736173;  // "saseoKV1"
constexpr int kFormat = 1;                            // Of rows and header; part of the settings.
constexpr std::size_t kHashDigits = 32;
constexpr std::string_view kSuffix = ".kv";

struct Header {
  std::uint64_t magic = kMagic;
  std::array<char, 16> settings{};  // The bytes of the hash's first 16 digits.
  std::uint32_t length = 0;
  std::uint32_t local_first = 0;
};
static_assert(sizeof(Header) == 32);

std::span<const std::byte> bytes_of(const auto& value) {
  return std::as_bytes(std::span(&value, 1));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

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

// Fails with kDamaged where the file ends before.
Status read_at(int fd, const fs::path& path, std::uint64_t offset, std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error(path, errno);
    if (count == 0) return make_error(ErrorCode::kDamaged, "cut short", "중간에 끊김");
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Error damaged(MessageText<> english, MessageText<> korean) {
  return make_error(ErrorCode::kDamaged, english, korean);
}

std::string hash_of(const KvStoreSettings& settings) {
  const ModelConfig& c = settings.config;
  return content_hash(fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", kFormat,
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
    return make_error(ErrorCode::kInvalidArgument,
                      "--kv-cache-dir {}: not a folder; name one that is there or can be made",
                      "--kv-cache-dir {}: 폴더가 아닙니다. 있거나 만들 수 있는 폴더를 지정하세요",
                      options.folder.string());
  return std::unique_ptr<KvStore>(new KvStore(options, settings));
}

KvStore::KvStore(KvStoreOptions options, const KvStoreSettings& settings)
    : options_(std::move(options)), settings_(settings), settings_hash_(hash_of(settings)) {}

std::uint64_t KvStore::file_bytes(std::uint32_t length, std::uint32_t local_first) const {
  return sizeof(Header) + length * sizeof(TokenId) + 2 * sizeof(std::uint64_t) +
         beginning_bytes(settings_.config, settings_.type, length, local_first);
}

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
    const Descriptor fd(
        ::open(listed.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    if (fd.get() < 0 && errno == ENOENT) continue;
    Result<File> file = fd.get() < 0 ? Result<File>(io_error(listed.path, errno))
                                     : read_header(listed.path, fd.get());
    if (!file.ok()) {
      remove(listed.path, file.error().message);
      continue;
    }
    const Stored stored = next_++;
    trie_.insert(file->tokens, stored);
    files_[stored] = std::move(file).value();
  }
}

void KvStore::forget(Stored stored) {
  const auto file = files_.find(stored);
  if (file == files_.end()) return;
  trie_.remove(file->second.tokens, stored);
  files_.erase(file);
}

void KvStore::remove(const fs::path& path, const std::string& why) {
  if (!ignored_.insert(path).second) return;  // Told before, and could not be removed.
  notes_.push_back(
      say("{}: ignored and removed ({})", "{}: 쓰지 않고 지움({})", path.filename().string(), why));
  if (::unlink(path.c_str()) == 0) ignored_.erase(path);
}

Result<KvStore::File> KvStore::read_header(const fs::path& path, int fd) const {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return io_error(path, errno);
  if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & 0077) != 0)
    return damaged("not a file of this user alone", "이 사용자만의 파일이 아님");
  Header header;
  SASEO_RETURN_IF_ERROR(read_at(fd, path, 0, std::as_writable_bytes(std::span(&header, 1))));
  if (header.magic != kMagic) return damaged("not such a file", "형식이 다름");
  if (!std::string_view(settings_hash_).starts_with({header.settings.data(), 16}))
    return damaged("of another model or other settings", "다른 모델이나 설정의 것");
  const bool windows = settings_.config.window != 0;
  if (header.length == 0 || header.length > settings_.config.context ||
      header.local_first > header.length || (!windows && header.local_first != 0))
    return damaged("impossible lengths", "있을 수 없는 길이");
  File file;
  file.path = path;
  file.local_first = header.local_first;
  file.bytes = file_bytes(header.length, header.local_first);
  if (static_cast<std::uint64_t>(info.st_size) != file.bytes)
    return damaged("of another size than it says", "크기가 적힌 것과 다름");
  file.tokens.resize(header.length);
  const auto tokens = std::as_writable_bytes(std::span(file.tokens));
  SASEO_RETURN_IF_ERROR(read_at(fd, path, sizeof(Header), tokens));
  std::uint64_t expected = 0;
  SASEO_RETURN_IF_ERROR(read_at(fd, path, sizeof(Header) + tokens.size(),
                                std::as_writable_bytes(std::span(&expected, 1))));
  Checksum sum;
  sum.add(bytes_of(header));
  sum.add(tokens);
  if (sum.value() != expected || path_of(file.tokens) != path)
    return damaged("its checksum does not fit", "체크섬이 맞지 않음");
  return file;
}

Status KvStore::read_rows(const File& file, int fd, KvCache& cache) const {
  const auto length = static_cast<std::uint32_t>(file.tokens.size());
  Header header{.length = length, .local_first = file.local_first};
  std::ranges::copy_n(settings_hash_.begin(), 16, header.settings.begin());
  Checksum sum;
  sum.add(bytes_of(header));
  sum.add(std::as_bytes(std::span(file.tokens)));
  const std::uint64_t first_sum = sum.value();
  sum.add(bytes_of(first_sum));
  std::uint64_t offset = sizeof(Header) + file.tokens.size() * sizeof(TokenId) + sizeof(first_sum);
  Status status;
  visit_beginning(cache, length, file.local_first, [&](std::span<std::byte> bytes) {
    status = read_at(fd, file.path, offset, bytes);
    offset += bytes.size();
    sum.add(bytes);
    return status.ok();
  });
  SASEO_RETURN_IF_ERROR(std::move(status));
  std::uint64_t expected = 0;
  SASEO_RETURN_IF_ERROR(
      read_at(fd, file.path, offset, std::as_writable_bytes(std::span(&expected, 1))));
  if (sum.value() != expected) return damaged("its checksum does not fit", "체크섬이 맞지 않음");
  return {};
}

std::optional<KvStore::Stored> KvStore::load(std::span<const TokenId> prompt, KvCache& cache) {
  const std::scoped_lock lock(mutex_);
  assert(cache.type() == settings_.type && cache.length() <= prompt.size());
  look_for_files();
  for (const PrefixTrie::Match& match : trie_.matches(prompt)) {
    if (match.common < cache.length() + kLeastTokens) return std::nullopt;
    const File& file = files_.at(match.holder);
    if (file.tokens.size() > cache.context()) continue;
    const Descriptor fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    if (fd.get() < 0) continue;  // Gone meanwhile.
    const auto length = static_cast<std::uint32_t>(file.tokens.size());
    if (!can_adopt(cache, length, file.local_first, match.common - 1)) continue;
    // Read whole even where less is shared: the checksum is of all.
    cache.clear();
    cache.adopt(length, file.local_first);
    if (const Status status = read_rows(file, fd.get(), cache); !status.ok()) {
      cache.clear();
      remove(file.path, status.error().message);
      forget(match.holder);
      continue;
    }
    cache.truncate(match.common);
    ::futimens(fd.get(), nullptr);  // Used now; where that is refused, it goes the earlier.
    return match.holder;
  }
  return std::nullopt;
}

void KvStore::reject(Stored stored) {
  const std::scoped_lock lock(mutex_);
  const auto file = files_.find(stored);
  if (file == files_.end()) return;
  remove(file->second.path, say("not what this program computes", "이 프로그램의 계산과 다름"));
  forget(stored);
}

void KvStore::save(std::span<const TokenId> tokens, KvCache& cache) {
  const std::scoped_lock lock(mutex_);
  const auto length = static_cast<std::uint32_t>(tokens.size());
  if (length < kLeastTokens || length > cache.length()) return;
  const std::optional<std::uint32_t> local_first = local_first_of(cache, length);
  if (!local_first) return;
  File file{path_of(tokens), {tokens.begin(), tokens.end()}, *local_first, 0};
  file.bytes = file_bytes(length, *local_first);
  if (::utimensat(AT_FDCWD, file.path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0) return;
  if (file.bytes > options_.max_bytes) {
    notes_.push_back(say("{} tokens take {}, more than --kv-cache-size {}: not stored",
                         "{}토큰은 {}로 --kv-cache-size {}를 넘어 저장하지 않음", length,
                         format_bytes(file.bytes), format_bytes(options_.max_bytes)));
    return;
  }
  make_room(file.bytes);
  if (const Status written = write(file, cache); !written.ok()) {
    notes_.push_back(say("not stored: {}", "저장하지 못함: {}", written.error().message));
    return;
  }
  make_room(0);  // Others may have written meanwhile.
}

Status KvStore::write(const File& file, KvCache& cache) const {
  SASEO_ASSIGN_OR_RETURN(AtomicFile out, AtomicFile::create(file.path, 0600));
  const auto length = static_cast<std::uint32_t>(file.tokens.size());
  Header header{.length = length, .local_first = file.local_first};
  std::ranges::copy_n(settings_hash_.begin(), 16, header.settings.begin());
  Checksum sum;
  Status status;
  const auto put = [&](std::span<const std::byte> bytes) {
    sum.add(bytes);
    status = out.append(bytes);
    return status.ok();
  };
  const auto put_sum = [&] {
    const std::uint64_t value = sum.value();
    return put(bytes_of(value));
  };
  if (put(bytes_of(header)) && put(std::as_bytes(std::span(file.tokens))) && put_sum() &&
      visit_beginning(cache, length, file.local_first, put))
    put_sum();
  SASEO_RETURN_IF_ERROR(std::move(status));
  // Not synced: what a power failure leaves of it is told by its size or checksum.
  return out.commit(false);
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

std::vector<std::string> KvStore::take_notes() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(notes_, {});
}

}  // namespace saseo
