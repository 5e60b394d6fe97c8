#include "engine/kernels/matmul.h"

#include <cstdlib>

namespace saseo {

std::vector<const SaseoMatmulKernels*> runnable_matmul_kernels() {
  std::vector<const SaseoMatmulKernels*> runnable = {&kSaseoMatmulScalar};
#if defined(__x86_64__)
  // Every processor with AVX2 has F16C, which compilers cannot all ask for.
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    runnable.push_back(&kSaseoMatmulAvx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni")) {
      runnable.push_back(&kSaseoMatmulAvx512Vnni);
    }
  }
#endif
  return runnable;
}

const SaseoMatmulKernels& matmul_kernels() {
  static const SaseoMatmulKernels& chosen = [&]() -> const SaseoMatmulKernels& {
    const char* forced = std::getenv("SASEO_KERNELS");
    const auto runnable = runnable_matmul_kernels();
    if (forced != nullptr) {
      for (const SaseoMatmulKernels* kernels : runnable) {
        if (std::string_view(kernels->name).starts_with(forced)) return *kernels;
      }
    }
    return *runnable.back();
  }();
  return chosen;
}

}  // namespace saseo
