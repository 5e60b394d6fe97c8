#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>

namespace saseo {
namespace {

TEST(ThreadPool, CallsTheBodyOnceForEveryIndex) {
  for (const std::size_t threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.size(), threads);
    for (const std::size_t count : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> calls(count);
      pool.for_each(count, [&](std::size_t i, std::size_t thread) {
        ASSERT_LT(thread, threads);
        ++calls[i];
      });
      for (const auto& n : calls) EXPECT_EQ(n, 1);
    }
  }
}

TEST(ThreadPool, SeesTheResultsOfALoopWhenItReturns) {
  ThreadPool pool(4);
  std::vector<std::size_t> values(64);
  for (std::size_t round = 1; round < 3000; ++round) {
    pool.for_each(values.size(), [&](std::size_t i, std::size_t) { values[i] += i; });
    ASSERT_EQ(values[63], 63 * round);
  }
  EXPECT_EQ(std::accumulate(values.begin(), values.end(), std::size_t{0}), 2016u * 2999u);
}

TEST(ThreadPool, TakesAllProcessorsUnlessTold) {
  EXPECT_GE(processor_count(), 1u);
  EXPECT_EQ(ThreadPool().size(), processor_count());
}

}  // namespace
}  // namespace saseo
