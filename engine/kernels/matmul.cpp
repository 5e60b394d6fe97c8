#include "engine/kernels/matmul.h"

#include <cstdlib>
#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace saseo {
namespace {

std::string_view forced_name() {
  const char* forced = std::getenv("SASEO_KERNELS");
  return forced == nullptr ? "" : forced;
}

}  // namespace

std::vector<const SaseoMatmulKernels*> runnable_matmul_kernels() {
  std::vector<const SaseoMatmulKernels*> runnable = {&kSaseoMatmulScalar};
#if defined(__x86_64__)
  // Every processor with AVX2 has F16C, which compilers cannot all ask for.
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return runnable;
  runnable.push_back(&kSaseoMatmulAvx2);
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")) {
    return runnable;
  }
#if !defined(SASEO_WITHOUT_AVX512)
  runnable.push_back(&kSaseoMatmulAvx512);
#endif
#if !defined(SASEO_WITHOUT_AVX512VNNI)
  if (__builtin_cpu_supports("avx512vnni")) runnable.push_back(&kSaseoMatmulAvx512Vnni);
#endif
#elif defined(__aarch64__)
  if ((getauxval(AT_HWCAP) & HWCAP_ASIMDDP) == 0) return runnable;
  runnable.push_back(&kSaseoMatmulNeon);
#if !defined(SASEO_WITHOUT_NEONI8MM)
  if ((getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0) runnable.push_back(&kSaseoMatmulNeonI8mm);
#endif
#endif
  return runnable;
}

const SaseoMatmulKernels* named_matmul_kernels(std::string_view name) {
  const SaseoMatmulKernels* named = nullptr;
  for (const SaseoMatmulKernels* kernels : runnable_matmul_kernels()) {
    if (kernels->name == name) return kernels;
    if (std::string_view(kernels->name).starts_with(name)) named = kernels;
  }
  return named;
}

const SaseoMatmulKernels& matmul_kernels() {
  // An empty name is that of the fastest.
  static const SaseoMatmulKernels& chosen = [&]() -> const SaseoMatmulKernels& {
    const SaseoMatmulKernels* forced = named_matmul_kernels(forced_name());
    return forced != nullptr ? *forced : *named_matmul_kernels("");
  }();
  return chosen;
}

std::string_view refused_kernels() {
  return named_matmul_kernels(forced_name()) == nullptr ? forced_name() : "";
}

}  // namespace saseo
