#include "base/pages.h"

#include <sys/mman.h>

#include <utility>

#include "base/message.h"

namespace saseo {

Result<Pages> Pages::allocate(std::size_t size) {
  Pages pages;
  if (size == 0) return pages;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return make_error(ErrorCode::kLimit, "{} bytes of memory were asked for and not to be had.",
                      "메모리 {}바이트를 얻지 못했습니다.", size);
  }
  madvise(memory, size, MADV_HUGEPAGE);  // A wish: some systems have none.
  pages.data_ = static_cast<std::byte*>(memory);
  pages.size_ = size;
  return pages;
}

Pages::Pages(Pages&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Pages& Pages::operator=(Pages&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Pages::~Pages() {
  if (data_ != nullptr) munmap(data_, size_);
}

}  // namespace saseo
