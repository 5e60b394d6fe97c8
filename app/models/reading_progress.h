// How far a long read or write is, for the listener.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>

#include "app/settings/application.h"
#include "engine/files/long_read.h"

namespace saseo::app {

// Tells the listener how many of `all` bytes are done, once that took a while: what is read at once
// is not worth a word. Thread-compatible. Borrows the listener.
class ReadingProgress {
 public:
  // A `listener` of nullptr is not told.
  ReadingProgress(Listener* listener, std::string what, std::uint64_t all)
      : listener_(listener), what_(std::move(what)), all_(all) {}
  ReadingProgress(const ReadingProgress&) = delete;
  ReadingProgress& operator=(const ReadingProgress&) = delete;
  ~ReadingProgress() {
    if (told_) listener_->on_over();
  }

  // The read borrows the progress.
  LongRead read(const std::stop_token& stop) {
    return {.stop = stop, .on_bytes = [this](std::uint64_t more) { add(more); }};
  }
  void add(std::uint64_t more) {
    done_ = std::min(all_, done_ + more);
    if (listener_ == nullptr || std::chrono::steady_clock::now() - start_ <= kQuietTime) return;
    told_ = true;
    listener_->on_bytes(what_, done_, all_);
  }

 private:
  static constexpr std::chrono::milliseconds kQuietTime{300};

  Listener* listener_;
  std::string what_;
  std::uint64_t all_;
  std::uint64_t done_ = 0;
  bool told_ = false;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace saseo::app
