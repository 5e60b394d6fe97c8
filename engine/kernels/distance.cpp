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

const DistanceKernels& choose_kernels() {
  const char* forced = std::getenv("SASEO_KERNELS");
  const std::string_view name = forced == nullptr ? "" : forced;
  if (name == "scalar") return scalar_distance_kernels();
  if (name != "avx2" && avx512_distance_kernels() != nullptr) return *avx512_distance_kernels();
  if (avx2_distance_kernels() != nullptr) return *avx2_distance_kernels();
  return scalar_distance_kernels();
}

const DistanceKernels& kernels() {
  static const DistanceKernels& chosen = choose_kernels();
  return chosen;
}

}  // namespace

const DistanceKernels& scalar_distance_kernels() {
  static const DistanceKernels table = {"scalar", inner_product_scalar, squared_distance_scalar};
  return table;
}

const DistanceKernels* avx2_distance_kernels() {
#if defined(__x86_64__)
  static const DistanceKernels table = {"avx2", saseo_inner_product_avx2,
                                        saseo_squared_distance_avx2};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &table;
#endif
  return nullptr;
}

const DistanceKernels* avx512_distance_kernels() {
#if defined(__x86_64__)
  static const DistanceKernels table = {"avx512", saseo_inner_product_avx512,
                                        saseo_squared_distance_avx512};
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return &table;
#endif
  return nullptr;
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
