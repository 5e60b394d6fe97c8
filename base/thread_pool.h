// A fixed set of threads for loops whose iterations are independent.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace saseo {

// The number of processors that this process may run on; at least 1.
std::size_t processor_count();

// One loop runs at a time: call it from one thread. The calling thread works too.
class ThreadPool {
 public:
  // threads: 0 takes processor_count().
  explicit ThreadPool(std::size_t threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t size() const { return workers_.size() + 1; }

  // Calls body(index, thread) for every index < count, in any order, on thread numbers < size();
  // returns when all are done. The body must not throw.
  template <typename Body>
  void for_each(std::size_t count, Body&& body) {
    run(count, const_cast<void*>(static_cast<const void*>(&body)),
        [](void* context, std::size_t index, std::size_t thread) {
          (*static_cast<std::remove_reference_t<Body>*>(context))(index, thread);
        });
  }

 private:
  using Call = void (*)(void* context, std::size_t index, std::size_t thread);
  void run(std::size_t count, void* context, Call call);
  void work(std::size_t thread);
  void take_indexes(std::size_t thread);

  // A loop's state in one word: how many workers are in it (the low bits), whether more may join,
  // and its number. The caller closes it when no index is left and waits for those inside only: a
  // worker that has no processor just now delays nothing.
  static constexpr std::uint32_t kOpen = 1u << 12;
  static constexpr std::uint32_t kNumber = kOpen << 1;

  Call call_ = nullptr;
  void* context_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::uint32_t> loop_ = 0;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace saseo
