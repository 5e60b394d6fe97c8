// What to tell of SASEO_KERNELS (engine/kernels/matmul.h).
#pragma once

#include <string>

namespace saseo::app {

// The names that this processor can run, "scalar, avx2".
std::string runnable_kernel_names();
// Why SASEO_KERNELS has no effect; empty where it has one or is not set.
std::string refused_kernels_message();

}  // namespace saseo::app
