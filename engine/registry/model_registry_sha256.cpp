#include "engine/registry/model_registry_sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/files.h"
#include "base/message.h"

namespace saseo {
namespace {

// Feeds the file to the digest; 0, or the errno of the read that failed, or ECANCELED.
int feed(int fd, EVP_MD_CTX* context, const LongRead& read) {
  std::vector<unsigned char> piece(std::size_t{1} << 20);
  while (!read.stop.stop_requested()) {
    const ssize_t count = ::read(fd, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return 0;
    EVP_DigestUpdate(context, piece.data(), static_cast<std::size_t>(count));
    if (read.on_bytes) read.on_bytes(static_cast<std::uint64_t>(count));
  }
  return ECANCELED;
}

}  // namespace

Result<std::string> sha256_of_file(const std::filesystem::path& path, const LongRead& read) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
    return make_error(ErrorCode::kIo, "SHA-256 is not available from OpenSSL",
                      "OpenSSL에서 SHA-256을 쓸 수 없습니다");
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return io_error(path, errno);
  const int failure = feed(fd, context.get(), read);
  ::close(fd);
  if (failure == ECANCELED) return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
  if (failure != 0) return io_error(path, failure);

  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &length);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace saseo
