#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "engine/kernels/matmul.h"

namespace saseo {
namespace {

// SASEO_EXPECTED_KERNELS: the versions that the emulated processor has the instructions for.
TEST(Processor, RunsTheKernelsThatItHasTheInstructionsFor) {
  const char* expected = std::getenv("SASEO_EXPECTED_KERNELS");
  ASSERT_NE(expected, nullptr);
  std::string names;
  for (const SaseoMatmulKernels* kernels : runnable_matmul_kernels()) {
    names += names.empty() ? "" : " ";
    names += kernels->name;
  }
  EXPECT_EQ(names, expected);
  EXPECT_TRUE(names.ends_with(matmul_kernels().name));
}

}  // namespace
}  // namespace saseo
