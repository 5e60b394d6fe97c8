// What an instruction-set file gives to distance.cpp. Such files include only this and
// <immintrin.h>: an inline std:: function compiled for AVX-512 could be kept for the whole program.
#pragma once

#include <stddef.h>

extern "C" {
float saseo_inner_product_avx2(const float* a, const float* b, size_t dims);
float saseo_squared_distance_avx2(const float* a, const float* b, size_t dims);
float saseo_inner_product_avx512(const float* a, const float* b, size_t dims);
float saseo_squared_distance_avx512(const float* a, const float* b, size_t dims);
}
