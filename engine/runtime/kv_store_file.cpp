#include "engine/runtime/kv_store_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <span>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "base/message.h"
#include "engine/forward/kv_cache_io.h"

namespace saseo {
namespace {

constexpr std::uint64_t kMagic = 0x31564b6f65736173;  // "saseoKV1"

struct Header {
  std::uint64_t magic = kMagic;
  std::array<char, 16> settings{};  // The first digits of their hash.
  std::uint32_t length = 0;
  std::uint32_t local_first = 0;
};
static_assert(sizeof(Header) == 32);

Header header_of(const KvFile& file, std::string_view settings_hash) {
  Header header{.length = file.length(), .local_first = file.local_first};
  std::ranges::copy_n(settings_hash.begin(), header.settings.size(), header.settings.begin());
  return header;
}

template <typename T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

template <typename T>
std::span<std::byte> room_of(T& value) {
  return std::as_writable_bytes(std::span(&value, 1));
}

Error damaged_rows(MessageText<> english, MessageText<> korean) {
  return make_error(ErrorCode::kDamaged, english, korean);
}

}  // namespace

std::uint64_t kv_file_bytes(const ModelConfig& config, KvType type, std::uint32_t length,
                            std::uint32_t local_first) {
  return sizeof(Header) + length * sizeof(TokenId) + 2 * sizeof(std::uint64_t) +
         beginning_bytes(config, type, length, local_first);
}

Status write_kv_file(const KvFile& file, std::string_view settings_hash, KvCache& cache) {
  SASEO_ASSIGN_OR_RETURN(AtomicFile out, AtomicFile::create(file.path, 0600));
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
  const Header header = header_of(file, settings_hash);
  if (put(bytes_of(header)) && put(std::as_bytes(std::span(file.tokens))) && put_sum() &&
      visit_beginning(cache, file.length(), file.local_first, put))
    put_sum();
  SASEO_RETURN_IF_ERROR(std::move(status));
  return out.commit(false);
}

Result<KvFileReader> KvFileReader::open(const std::filesystem::path& path,
                                        std::string_view settings_hash, const ModelConfig& config,
                                        KvType type) {
  KvFileReader reader;
  reader.file_.path = path;
  // No link leads elsewhere, and no pipe is waited for.
  reader.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  if (reader.fd_ < 0) return io_error(path, errno);
  SASEO_RETURN_IF_ERROR(reader.read_header(settings_hash, config, type));
  return reader;
}

KvFileReader::KvFileReader(KvFileReader&& other) noexcept
    : file_(std::move(other.file_)),
      settings_(std::move(other.settings_)),
      fd_(std::exchange(other.fd_, -1)) {}

KvFileReader& KvFileReader::operator=(KvFileReader&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(settings_, other.settings_);
  std::swap(fd_, other.fd_);
  return *this;
}

KvFileReader::~KvFileReader() {
  if (fd_ >= 0) ::close(fd_);
}

Status KvFileReader::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pread(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error(file_.path, errno);
    if (count == 0) return damaged_rows("cut short", "중간에 끊김");
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Status KvFileReader::read_header(std::string_view settings_hash, const ModelConfig& config,
                                 KvType type) {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return io_error(file_.path, errno);
  if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & 0077) != 0)
    return damaged_rows("not a file of this user alone", "이 사용자만의 파일이 아님");
  Header header;
  SASEO_RETURN_IF_ERROR(read(0, room_of(header)));
  if (header.magic != kMagic) return damaged_rows("not such a file", "형식이 다름");
  settings_.assign(header.settings.begin(), header.settings.end());
  if (!settings_hash.starts_with(settings_))
    return damaged_rows("of another model or other settings", "다른 모델이나 설정의 것");
  if (header.length == 0 || header.length > config.context || header.local_first > header.length ||
      (config.window == 0 && header.local_first != 0))
    return damaged_rows("impossible lengths", "있을 수 없는 길이");
  if (static_cast<std::uint64_t>(info.st_size) !=
      kv_file_bytes(config, type, header.length, header.local_first))
    return damaged_rows("of another size than it says", "크기가 적힌 것과 다름");
  file_.local_first = header.local_first;
  file_.tokens.resize(header.length);
  const auto tokens = std::as_writable_bytes(std::span(file_.tokens));
  SASEO_RETURN_IF_ERROR(read(sizeof(Header), tokens));
  std::uint64_t expected = 0;
  SASEO_RETURN_IF_ERROR(read(sizeof(Header) + tokens.size(), room_of(expected)));
  Checksum sum;
  sum.add(bytes_of(header));
  sum.add(tokens);
  if (sum.value() != expected)
    return damaged_rows("its checksum does not fit", "체크섬이 맞지 않음");
  return {};
}

Status KvFileReader::read_rows(KvCache& cache) const {
  assert(can_adopt(cache, file_.length(), file_.local_first, file_.length()));
  Checksum sum;
  const Header header = header_of(file_, settings_);
  sum.add(bytes_of(header));
  sum.add(std::as_bytes(std::span(file_.tokens)));
  const std::uint64_t first_sum = sum.value();
  sum.add(bytes_of(first_sum));
  std::uint64_t offset = sizeof(Header) + file_.tokens.size() * sizeof(TokenId) + sizeof(first_sum);
  cache.clear();
  cache.adopt(file_.length(), file_.local_first);
  Status status;
  visit_beginning(cache, file_.length(), file_.local_first, [&](std::span<std::byte> bytes) {
    status = read(offset, bytes);
    offset += bytes.size();
    sum.add(bytes);
    return status.ok();
  });
  std::uint64_t expected = 0;
  if (status.ok()) status = read(offset, room_of(expected));
  if (status.ok() && sum.value() != expected)
    status = damaged_rows("its checksum does not fit", "체크섬이 맞지 않음");
  if (!status.ok()) cache.clear();
  return status;
}

}  // namespace saseo
