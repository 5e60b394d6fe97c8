// Zeroed memory from the system in pages that are as large as it has them: weights are streams of
// gigabytes, for which small pages cost a good part of the speed.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"

namespace saseo {

// Movable; given back when it goes. Pages that were never written take no memory.
class Pages {
 public:
  // Fails with kLimit when the system has not as much.
  static Result<Pages> allocate(std::size_t size);
  Pages() = default;
  Pages(Pages&& other) noexcept;
  Pages& operator=(Pages&& other) noexcept;
  ~Pages();

  // Valid while this object lives; begins at a page.
  std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace saseo
