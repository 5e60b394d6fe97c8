#include "engine/files/tensor_type.h"

#include <cassert>

namespace saseo {

std::optional<TensorType> tensor_type_of_number(std::uint32_t number) {
  switch (const auto type = static_cast<TensorType>(number)) {
    case TensorType::kF32:
    case TensorType::kF16:
    case TensorType::kBF16:
    case TensorType::kQ4_0:
    case TensorType::kQ4_1:
    case TensorType::kQ5_0:
    case TensorType::kQ5_1:
    case TensorType::kQ8_0:
    case TensorType::kQ2_K:
    case TensorType::kQ3_K:
    case TensorType::kQ4_K:
    case TensorType::kQ5_K:
    case TensorType::kQ6_K:
    case TensorType::kIQ4_NL:
    case TensorType::kIQ4_XS:
      return type;
  }
  return std::nullopt;
}

std::string_view tensor_type_name_of_number(std::uint32_t number) {
  if (const auto type = tensor_type_of_number(number)) return tensor_type_info(*type).name;
  switch (number) {  // Types that files carry and this engine does not read.
    case 9:
      return "Q8_1";
    case 15:
      return "Q8_K";
    case 16:
      return "IQ2_XXS";
    case 17:
      return "IQ2_XS";
    case 18:
      return "IQ3_XXS";
    case 19:
      return "IQ1_S";
    case 21:
      return "IQ3_S";
    case 22:
      return "IQ2_S";
    case 24:
      return "I8";
    case 25:
      return "I16";
    case 26:
      return "I32";
    case 27:
      return "I64";
    case 28:
      return "F64";
    case 29:
      return "IQ1_M";
    case 34:
      return "TQ1_0";
    case 35:
      return "TQ2_0";
    case 39:
      return "MXFP4";
    default:
      return "";
  }
}

const TensorTypeInfo& tensor_type_info(TensorType type) {
  static constexpr TensorTypeInfo kF32 = {"F32", 1, 4}, kF16 = {"F16", 1, 2},
                                  kBF16 = {"BF16", 1, 2}, kQ4_0 = {"Q4_0", 32, 18},
                                  kQ4_1 = {"Q4_1", 32, 20}, kQ5_0 = {"Q5_0", 32, 22},
                                  kQ5_1 = {"Q5_1", 32, 24}, kQ8_0 = {"Q8_0", 32, 34},
                                  kQ2_K = {"Q2_K", 256, 84}, kQ3_K = {"Q3_K", 256, 110},
                                  kQ4_K = {"Q4_K", 256, 144}, kQ5_K = {"Q5_K", 256, 176},
                                  kQ6_K = {"Q6_K", 256, 210}, kIQ4_NL = {"IQ4_NL", 32, 18},
                                  kIQ4_XS = {"IQ4_XS", 256, 136};
  switch (type) {
    case TensorType::kF32:
      return kF32;
    case TensorType::kF16:
      return kF16;
    case TensorType::kBF16:
      return kBF16;
    case TensorType::kQ4_0:
      return kQ4_0;
    case TensorType::kQ4_1:
      return kQ4_1;
    case TensorType::kQ5_0:
      return kQ5_0;
    case TensorType::kQ5_1:
      return kQ5_1;
    case TensorType::kQ8_0:
      return kQ8_0;
    case TensorType::kQ2_K:
      return kQ2_K;
    case TensorType::kQ3_K:
      return kQ3_K;
    case TensorType::kQ4_K:
      return kQ4_K;
    case TensorType::kQ5_K:
      return kQ5_K;
    case TensorType::kQ6_K:
      return kQ6_K;
    case TensorType::kIQ4_NL:
      return kIQ4_NL;
    case TensorType::kIQ4_XS:
      return kIQ4_XS;
  }
  assert(false);
  return kF32;
}

}  // namespace saseo
