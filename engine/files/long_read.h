// How a read of whole model files, which may take minutes, is watched and stopped.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

namespace saseo {

struct LongRead {
  std::stop_token stop;  // The read then fails with kCancelled.
  // Called about once a mebibyte, on the calling thread, with the bytes read since the last call.
  std::function<void(std::uint64_t bytes)> on_bytes;
};

}  // namespace saseo
