#include "engine/kernels/distance.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace saseo {
namespace {

// Lengths around every block size, and both operands at every misalignment of a cache line.
TEST(DistanceKernels, AgreeWithTheScalarOnesAtAwkwardLengthsAndMisalignments) {
  std::mt19937 generator(7);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> a(700), b(700);
  for (float& value : a) value = uniform(generator);
  for (float& value : b) value = uniform(generator);
  const DistanceKernels& scalar = *runnable_distance_kernels().front();
  for (const DistanceKernels* kernels : runnable_distance_kernels()) {
    for (const std::size_t dims :
         {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 300, 640}) {
      for (std::size_t shift = 0; shift < 16; ++shift) {
        const float* x = a.data() + shift;
        const float* y = b.data() + (15 - shift);
        const float tolerance = 1e-5f * static_cast<float>(dims + 1);
        EXPECT_NEAR(kernels->inner_product(x, y, dims), scalar.inner_product(x, y, dims), tolerance)
            << kernels->name << " dims " << dims << " shift " << shift;
        EXPECT_NEAR(kernels->squared_distance(x, y, dims), scalar.squared_distance(x, y, dims),
                    tolerance)
            << kernels->name << " dims " << dims << " shift " << shift;
      }
    }
  }
}

TEST(DistanceKernels, NeverReadBehindTheEnd) {
  for (const DistanceKernels* kernels : runnable_distance_kernels()) {
    for (std::size_t dims = 1; dims < 70; ++dims) {
      const std::vector<float> ones(dims, 1.0f);  // The sanitizer sees a read past the heap block.
      EXPECT_FLOAT_EQ(kernels->inner_product(ones.data(), ones.data(), dims),
                      static_cast<float>(dims));
      EXPECT_FLOAT_EQ(kernels->squared_distance(ones.data(), ones.data(), dims), 0.0f);
    }
  }
}

TEST(DistanceKernels, RowsAreScoredOneByOne) {
  const std::vector<float> query = {1, 2}, rows = {1, 0, 0, 1, 3, 4};
  std::vector<float> scores(3);
  inner_products(query.data(), rows.data(), 2, 3, scores.data());
  EXPECT_EQ(scores, (std::vector<float>{1, 2, 11}));
}

}  // namespace
}  // namespace saseo
