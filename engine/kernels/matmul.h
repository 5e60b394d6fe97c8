// The kernels of the forward pass in the fastest version that this processor runs, chosen once;
// SASEO_KERNELS=NAME forces one (see named_matmul_kernels).
#pragma once

#include <string_view>
#include <vector>

#include "engine/kernels/kernel_table.h"

namespace saseo {

const SaseoMatmulKernels& matmul_kernels();
// Every version that this processor runs, the scalar reference first, the fastest last.
std::vector<const SaseoMatmulKernels*> runnable_matmul_kernels();
// The version of that name, or the fastest whose name starts so; nullptr where this processor runs
// none.
const SaseoMatmulKernels* named_matmul_kernels(std::string_view name);
// What SASEO_KERNELS asks for in vain; empty where it is not set or in force.
std::string_view refused_kernels();

}  // namespace saseo
