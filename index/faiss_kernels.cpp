// FAISS's two distance functions, replaced at link time (--wrap, index/CMakeLists.txt): Debian
// builds them for SSE2, as scalar code.
#include <cstddef>

#include "engine/kernels/distance.h"

// The names are the linker's: __wrap_ and the mangled name.
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" {
float __wrap__ZN5faiss18fvec_inner_productEPKfS1_m(const float* a, const float* b,
                                                   std::size_t dims) {
  return saseo::inner_product(a, b, dims);
}
float __wrap__ZN5faiss10fvec_L2sqrEPKfS1_m(const float* a, const float* b, std::size_t dims) {
  return saseo::squared_distance(a, b, dims);
}
}
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)
