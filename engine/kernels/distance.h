// Inner products and squared distances of float vectors, for exact and graph search. The fastest
// version that this processor runs is chosen once; SASEO_KERNELS=NAME forces one.
//
// faiss::fvec_inner_product and faiss::fvec_L2sqr, which Debian builds for SSE2 only, are
// redirected here by the linker (index/CMakeLists.txt).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace saseo {

// dims floats each, any alignment.
float inner_product(const float* a, const float* b, std::size_t dims);
float squared_distance(const float* a, const float* b, std::size_t dims);
// scores[i] = <query, rows[i]>; rows: (count, dims), row-major.
void inner_products(const float* query, const float* rows, std::size_t dims, std::size_t count,
                    float* scores);

// "scalar", "avx2", "avx512" or "neon".
std::string_view distance_kernel_name();

// The versions, for tests and for the choice above.
struct DistanceKernels {
  std::string_view name;
  float (*inner_product)(const float*, const float*, std::size_t);
  float (*squared_distance)(const float*, const float*, std::size_t);
};
// Every version that this processor runs, the scalar reference first, the fastest last.
std::vector<const DistanceKernels*> runnable_distance_kernels();

}  // namespace saseo
