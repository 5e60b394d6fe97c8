// The kernels of the forward pass in the fastest version that this processor runs, chosen once;
// SASEO_KERNELS=scalar|avx2|avx512 forces one.
#pragma once

#include <string_view>
#include <vector>

#include "engine/kernels/kernel_table.h"

namespace saseo {

const SaseoMatmulKernels& matmul_kernels();
// Every version that this processor runs, the scalar reference first.
std::vector<const SaseoMatmulKernels*> runnable_matmul_kernels();

}  // namespace saseo
