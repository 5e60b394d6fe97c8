#include "engine/model/model_identity.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/files.h"
#include "base/hash.h"
#include "engine/model/model_tensors.h"

namespace saseo {
namespace {

constexpr std::uint64_t kSamples = 4096;
constexpr std::size_t kSampleBytes = 512;

void add_text(Checksum& sum, const std::string& text) { sum.add(std::as_bytes(std::span(text))); }

Status add_file(Checksum& sum, const std::filesystem::path& path, std::uint64_t all_bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return io_error(path, errno);
  Status status;
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    status = io_error(path, errno);
  } else {
    add_text(sum,
             fmt::format("{} {} {};", info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec));
    const auto size = static_cast<std::uint64_t>(info.st_size);
    const std::uint64_t stride = std::max<std::uint64_t>(all_bytes / kSamples, kSampleBytes);
    std::array<std::byte, kSampleBytes> sample;
    for (std::uint64_t at = 0; at < size; at += stride) {
      const ssize_t count = ::pread(fd, sample.data(), sample.size(), static_cast<off_t>(at));
      if (count > 0) sum.add(std::span(sample).first(static_cast<std::size_t>(count)));
    }
  }
  ::close(fd);
  return status;
}

}  // namespace

Result<std::string> model_identity(const Model& model) {
  Checksum sum;
  for (const std::filesystem::path& path : model.paths)
    SASEO_RETURN_IF_ERROR(add_file(sum, path, model.file_bytes));
  const auto add = [&](const std::vector<float>& norm) { sum.add(std::as_bytes(std::span(norm))); };
  add(model.output_norm);
  for (const LayerWeights& layer : model.layers) {
    for (const LayerNorm& norm : kLayerNorms) add(layer.*norm.weights);
  }
  return fmt::format("sample:{:016x}", sum.value());
}

}  // namespace saseo
