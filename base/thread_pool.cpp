#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <chrono>

namespace saseo {
namespace {

// Longer than the gaps inside a forward pass, short beside a sleeping wait. A pause takes 10 to 140
// cycles, so that counting them would not tell the time.
constexpr std::chrono::microseconds kSpinTime{20};

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Waits until `value` is no longer `old`.
void wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  const auto end = std::chrono::steady_clock::now() + kSpinTime;
  do {
    for (int i = 0; i < 8; ++i) {
      if (value.load(std::memory_order_acquire) != old) return;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

std::size_t processor_count() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(CPU_COUNT(&set)));
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

ThreadPool::ThreadPool(std::size_t threads) {
  if (threads == 0) threads = processor_count();
  for (std::size_t i = 1; i < threads; ++i) workers_.emplace_back([this, i] { work(i); });
}

ThreadPool::~ThreadPool() {
  stop_ = true;
  loop_.fetch_add(kNumber, std::memory_order_release);
  loop_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(std::size_t count, void* context, Call call) {
  call_ = call;
  context_ = context;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  if (workers_.empty() || count < 2) return take_indexes(0);
  // Nobody is inside and nobody may join: the word is ours.
  loop_.store((loop_.load(std::memory_order_relaxed) + kNumber) | kOpen, std::memory_order_release);
  loop_.notify_all();
  take_indexes(0);
  std::uint32_t loop = loop_.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
  while (loop % kOpen != 0) {
    wait_for_change(loop_, loop);
    loop = loop_.load(std::memory_order_acquire);
  }
}

void ThreadPool::work(std::size_t thread) {
  std::uint32_t done = 0;  // The number of the loop that this worker was in last.
  std::uint32_t loop = loop_.load(std::memory_order_acquire);
  while (!stop_) {
    const std::uint32_t number = loop / kNumber;
    if ((loop & kOpen) == 0 || number == done) {
      wait_for_change(loop_, loop);
      loop = loop_.load(std::memory_order_acquire);
    } else if (loop_.compare_exchange_weak(loop, loop + 1, std::memory_order_acq_rel,
                                           std::memory_order_acquire)) {
      done = number;
      take_indexes(thread);
      loop = loop_.fetch_sub(1, std::memory_order_acq_rel) - 1;
      if (loop % kOpen == 0) loop_.notify_all();
    }
  }
}

void ThreadPool::take_indexes(std::size_t thread) {
  for (std::size_t i = next_.fetch_add(1, std::memory_order_relaxed); i < count_;
       i = next_.fetch_add(1, std::memory_order_relaxed)) {
    call_(context_, i, thread);
  }
}

}  // namespace saseo
