// write_prepacked() of prepacked.h.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/byte_sizes.h"
#include "base/hash.h"
#include "base/message.h"
#include "engine/model/model_panels.h"
#include "engine/model/panels.h"
#include "engine/model/prepacked.h"
#include "engine/model/prepacked_header.h"

namespace saseo {
namespace {

namespace fs = std::filesystem;

// Of one write: what a file system with large folios keeps in pages of 2 MiB.
constexpr std::size_t kPiece = 2 * kPrepackedAlignment;
constexpr std::size_t kSlice = std::size_t{1} << 20;  // Of panels, that one thread makes at a time.

Error disk_full(const fs::path& path, std::uint64_t needed, std::uint64_t free) {
  return make_error(ErrorCode::kDiskFull,
                    "{}: prepacked weights take {}, {} are free on this disk; free some space, or "
                    "go without.",
                    "{}: 재배열한 가중치에 {}가 필요한데 디스크에 {}가 남았습니다. 공간을 "
                    "비우거나 재배열 파일 없이 쓰세요.",
                    path.string(), format_bytes(needed), format_bytes(free));
}

Error stopped() { return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다"); }

// A file without a name until it is complete, where the system has such files; else one of a name
// of its own that goes unless it is published.
class NewFile {
 public:
  explicit NewFile(fs::path path) : path_(std::move(path)) {
    const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
    name_ = path_.string() + ".XXXXXX";
    fd_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
    if (fd_ >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return;
    fd_ = ::mkostemp(name_.data(), O_CLOEXEC);
    named_ = fd_ >= 0;
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (fd_ >= 0) ::close(fd_);
    if (named_) ::unlink(name_.c_str());
  }
  bool is_open() const { return fd_ >= 0; }

  // Fails before anything is written where the disk has no room.
  Status reserve(std::uint64_t bytes) const {
    struct statvfs disk {};
    if (::fstatvfs(fd_, &disk) == 0 && disk.f_frsize != 0) {
      const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
      if (free < bytes) return disk_full(path_, bytes, free);
    }
    if (::fallocate(fd_, 0, 0, static_cast<off_t>(bytes)) == 0) return {};
    if (errno == EOPNOTSUPP || errno == EINTR) return {};  // Writing will tell.
    return io_error(path_, errno);
  }

  Status write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t count =
          ::pwrite(fd_, bytes.data(), std::min(bytes.size(), kPiece), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return io_error(path_, errno);
      offset += static_cast<std::uint64_t>(count);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

  // On the disk and under its name, in the place of an older one.
  Status publish() {
    if (::fsync(fd_) != 0) return io_error(path_, errno);
    if (!named_) {
      SASEO_RETURN_IF_ERROR(give_name());
    } else if (::fchmod(fd_, 0644) != 0) {
      return io_error(path_, errno);
    }
    if (::rename(name_.c_str(), path_.c_str()) != 0) return io_error(path_, errno);
    named_ = false;
    return {};
  }

 private:
  // A free name is one that mkostemp() made: the link takes its place.
  Status give_name() {
    const int reserved = ::mkostemp(name_.data(), O_CLOEXEC);
    if (reserved < 0) return io_error(path_, errno);
    ::close(reserved);
    ::unlink(name_.c_str());
    const std::string self = fmt::format("/proc/self/fd/{}", fd_);
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      return io_error(path_, errno);
    }
    named_ = true;
    return {};
  }

  fs::path path_;
  std::string name_;
  int fd_ = -1;
  bool named_ = false;
};

// Writes the panels of one matrix after the other, in large pieces at even places.
class PanelWriter {
 public:
  PanelWriter(const Model& model, const NewFile& file, ThreadPool& pool, std::uint64_t offset)
      : model_(model), file_(file), pool_(pool), offset_(offset) {}

  // Returns the checksum of the panels.
  Result<std::uint64_t> write(const PanelPlace& place, const LongRead& read) {
    const WeightMatrix& w = place.matrix;
    const std::size_t size = panel_bytes(w.type, w.cols), panels = panel_count(w.rows);
    const std::size_t slice = std::max<std::size_t>(1, kSlice / size);
    const std::size_t step = slice * 2 * pool_.size();
    Checksum sum;
    fill_ += place.offset - done_;  // Zeros up to the place.
    done_ = place.offset + place.bytes;
    for (std::size_t first = 0; first < panels; first += step) {
      if (read.stop.stop_requested()) return stopped();
      const std::size_t end = std::min(panels, first + step), bytes = (end - first) * size;
      if (buffer_.size() < fill_ + bytes) buffer_.resize(fill_ + bytes);
      std::byte* out = buffer_.data() + fill_;
      pool_.for_each((end - first + slice - 1) / slice, [&](std::size_t index, std::size_t) {
        const std::size_t from = first + index * slice;
        make_panels(model_, w, from, std::min(end, from + slice), out + index * slice * size);
      });
      sum.add({out, bytes});
      fill_ += bytes;
      SASEO_RETURN_IF_ERROR(flush(fill_ / kPiece * kPiece));
      if (read.on_bytes) read.on_bytes(bytes);
    }
    return sum.value();
  }

  Status finish() { return flush(fill_); }

 private:
  Status flush(std::size_t bytes) {
    SASEO_RETURN_IF_ERROR(file_.write_at(offset_, std::span(buffer_).first(bytes)));
    offset_ += bytes;
    fill_ -= bytes;
    std::memmove(buffer_.data(), buffer_.data() + bytes, fill_);
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(fill_), buffer_.end(), std::byte{0});
    return {};
  }

  const Model& model_;
  const NewFile& file_;
  ThreadPool& pool_;
  std::uint64_t offset_;           // In the file, of the buffer's first byte.
  std::size_t done_ = 0;           // Bytes of the plan's block so far.
  std::vector<std::byte> buffer_;  // fill_ bytes that are to be written, then zeros.
  std::size_t fill_ = 0;
};

}  // namespace

Status write_prepacked(const Model& model, const fs::path& path, ThreadPool& pool,
                       const LongRead& read) {
  const PanelPlan plan = plan_panels(model);
  if (plan.places.empty()) {
    return make_error(ErrorCode::kUnsupported,
                      "{}: its weights are not quantised and are used as they lie in the file; "
                      "there is nothing to prepack.",
                      "{}: 가중치가 양자화되지 않아 파일에 있는 그대로 쓰므로 재배열할 것이 "
                      "없습니다.",
                      model.name);
  }
  const std::size_t data = prepacked_data_offset(plan.places.size());
  NewFile file(path);
  if (!file.is_open()) return io_error(path, errno);
  SASEO_RETURN_IF_ERROR(file.reserve(data + plan.bytes));
  PanelWriter writer(model, file, pool, data);
  std::vector<std::uint64_t> checksums;
  for (const PanelPlace& place : plan.places) {
    SASEO_ASSIGN_OR_RETURN(const std::uint64_t sum, writer.write(place, read));
    checksums.push_back(sum);
  }
  SASEO_RETURN_IF_ERROR(writer.finish());
  std::string header = prepacked_header(model, plan, checksums);
  header.resize(data);
  SASEO_RETURN_IF_ERROR(file.write_at(0, std::as_bytes(std::span(header))));
  if (read.stop.stop_requested()) return stopped();
  return file.publish();
}

}  // namespace saseo
