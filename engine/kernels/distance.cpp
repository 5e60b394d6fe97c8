#include "engine/kernels/distance.h"

#include <cstdlib>

#include "engine/kernels/kernel_table.h"

namespace saseo {
namespace {

float inner_product_scalar(const float* a, const float* b, std::size_t dims) {
  float sum = 0;
  for (std::size_t i = 0; i < dims; ++i) sum += a[i] * b[i];
  return sum;
}

float squared_distance_scalar(const float* a, const float* b, std::size_t dims) {
  float sum = 0;
  for (std::size_t i = 0; i < dims; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// A name may be a longer one of a model's kernels: avx512vnni means avx512 here.
const DistanceKernels& choose_kernels() {
  const char* forced = std::getenv("SASEO_KERNELS");
  const std::string_view name = forced == nullptr ? "" : forced;
  const auto runnable = runnable_distance_kernels();
  const DistanceKernels* chosen = nullptr;
  for (const DistanceKernels* kernels : runnable) {
    if (name.starts_with(kernels->name) || kernels->name.starts_with(name)) chosen = kernels;
  }
  return chosen != nullptr ? *chosen : *runnable.back();
}

const DistanceKernels& kernels() {
  static const DistanceKernels& chosen = choose_kernels();
  return chosen;
}

}  // namespace

std::vector<const DistanceKernels*> runnable_distance_kernels() {
  static const DistanceKernels scalar = {"scalar", inner_product_scalar, squared_distance_scalar};
  std::vector<const DistanceKernels*> runnable = {&scalar};
#if defined(__x86_64__)
  static const DistanceKernels avx2 = {"avx2", saseo_inner_product_avx2,
                                       saseo_squared_distance_avx2};
  static const DistanceKernels avx512 = {"avx512", saseo_inner_product_avx512,
                                         saseo_squared_distance_avx512};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) runnable.push_back(&avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
    runnable.push_back(&avx512);
  }
#elif defined(__aarch64__)
  static const DistanceKernels neon = {"neon", saseo_inner_product_neon,
                                       saseo_squared_distance_neon};
  runnable.push_back(&neon);
#endif
  return runnable;
}

float inner_product(const float* a, const float* b, std::size_t dims) {
  return kernels().inner_product(a, b, dims);
}

float squared_distance(const float* a, const float* b, std::size_t dims) {
  return kernels().squared_distance(a, b, dims);
}

void inner_products(const float* query, const float* rows, std::size_t dims, std::size_t count,
                    float* scores) {
  const auto product = kernels().inner_product;
  for (std::size_t i = 0; i < count; ++i) scores[i] = product(query, rows + i * dims, dims);
}

std::string_view distance_kernel_name() { return kernels().name; }

}  // namespace saseo
