// The readable reference of the forward pass's kernels; every other version is tested against it.
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/unpack_body.h"

namespace {

void multiply_codes(const SaseoWeightTile* w, const SaseoActivationTile* x, size_t cols, float* y,
                    size_t y_stride) {
  const size_t groups = cols / w->group;
  const float* sums = w->group == 16 ? x->sums_16 : x->sums_32;
  for (size_t t = 0; t < x->tokens; ++t) {
    for (size_t r = 0; r < w->rows; ++r) {
      float sum = 0;
      for (size_t i = 0; i < cols; i += 16) {
        const uint8_t* codes = w->codes + r * cols + i;
        const int8_t* x_codes = x->codes + t * cols + i;
        int32_t products = 0;
        for (size_t j = 0; j < 16; ++j) {
          const int code = w->offsets == nullptr ? static_cast<int8_t>(codes[j]) : codes[j];
          products += code * x_codes[j];
        }
        sum += w->scales[r * groups + i / w->group] * x->scales[t * (cols / 16) + i / 16] *
               static_cast<float>(products);
      }
      if (w->offsets != nullptr) {
        for (size_t g = 0; g < groups; ++g) {
          sum += w->offsets[r * groups + g] * sums[t * groups + g];
        }
      }
      y[t * y_stride + r] = sum;
    }
  }
}

void multiply_floats(const float* w, const float* x, size_t x_stride, size_t tokens, size_t cols,
                     float* y, size_t y_stride) {
  for (size_t t = 0; t < tokens; ++t) {
    float sum = 0;
    for (size_t i = 0; i < cols; ++i) sum += w[i] * x[t * x_stride + i];
    y[t * y_stride] = sum;
  }
}

float dot_half(const float* q, const uint16_t* k, size_t n) {
  float sum = 0;
  for (size_t i = 0; i < n; ++i) {
    sum += q[i] * float_of_half(reinterpret_cast<const uint8_t*>(k + i));
  }
  return sum;
}

void add_half(float weight, const uint16_t* v, size_t n, float* out) {
  for (size_t i = 0; i < n; ++i) {
    out[i] += weight * float_of_half(reinterpret_cast<const uint8_t*>(v + i));
  }
}

float dot_bytes(const float* q, const int8_t* k, const float* scales, size_t n) {
  float sum = 0;
  for (size_t i = 0; i < n; ++i) sum += q[i] * (scales[i / 32] * static_cast<float>(k[i]));
  return sum;
}

void add_bytes(float weight, const int8_t* v, const float* scales, size_t n, float* out) {
  for (size_t i = 0; i < n; ++i) out[i] += weight * (scales[i / 32] * static_cast<float>(v[i]));
}

}  // namespace

const SaseoMatmulKernels kSaseoMatmulScalar = {
    "scalar", multiply_codes, multiply_floats, unpack_row_of_type, widen_row_of_type,
    dot_half, add_half,       dot_bytes,       add_bytes};
