#include "engine/files/tensor_type.h"

#include <algorithm>
#include <cassert>

namespace saseo {

namespace {

// clang-format off
constexpr TensorTypeInfo kTypes[] = {
    {TensorType::kF32, "F32", 1, 4},
    {TensorType::kF16, "F16", 1, 2},
    {TensorType::kBF16, "BF16", 1, 2},
    //                            block      group signed  fields              halves
    {TensorType::kQ4_0, "Q4_0", 32, 18, 32, false, {{2, 1}, {4, 4}}, {0, TensorTypeInfo::kNoHalf}},
    {TensorType::kQ4_1, "Q4_1", 32, 20, 32, false, {{2, 2}, {4, 4}}, {0, 2}},
    {TensorType::kQ5_0, "Q5_0", 32, 22, 32, false, {{2, 1}, {4, 5}}, {0, TensorTypeInfo::kNoHalf}},
    {TensorType::kQ5_1, "Q5_1", 32, 24, 32, false, {{2, 2}, {4, 5}}, {0, 2}},
    {TensorType::kQ8_0, "Q8_0", 32, 34, 32, true, {{2, 1}, {4, 8}}, {0, TensorTypeInfo::kNoHalf}},
    {TensorType::kQ2_K, "Q2_K", 256, 84, 16, false, {{4, 20}, {2, 2}}, {80, 82}},
    {TensorType::kQ3_K, "Q3_K", 256, 110, 16, false, {{4, 27}, {2, 1}}, {108, TensorTypeInfo::kNoHalf}},
    {TensorType::kQ4_K, "Q4_K", 256, 144, 32, false, {{2, 2}, {4, 35}}, {0, 2}},
    {TensorType::kQ5_K, "Q5_K", 256, 176, 32, false, {{2, 2}, {4, 43}}, {0, 2}},
    {TensorType::kQ6_K, "Q6_K", 256, 210, 16, false, {{4, 52}, {2, 1}}, {208, TensorTypeInfo::kNoHalf}},
    {TensorType::kIQ4_NL, "IQ4_NL", 32, 18, 32, true, {{2, 1}, {4, 4}}, {0, TensorTypeInfo::kNoHalf}},
    {TensorType::kIQ4_XS, "IQ4_XS", 256, 136, 32, true, {{2, 2}, {4, 33}}, {0, TensorTypeInfo::kNoHalf}},
};
// clang-format on

constexpr bool fields_fill_blocks() {
  return std::ranges::all_of(kTypes, [](const TensorTypeInfo& info) {
    const auto bytes = [](BlockField field) { return std::uint32_t{field.bytes} * field.count; };
    return info.scale_group == 0 ||
           bytes(info.fields[0]) + bytes(info.fields[1]) == info.block_bytes;
  });
}
static_assert(fields_fill_blocks());

// Rows of the table by the number of their type, for loops that ask for every row of a matrix.
constexpr std::uint32_t kNumbers = 31;
struct RowOfNumber {
  std::int8_t row[kNumbers];
};
constexpr RowOfNumber kRowOfNumber = [] {
  RowOfNumber rows = {};
  std::ranges::fill(rows.row, std::int8_t{-1});
  for (std::size_t i = 0; i < std::size(kTypes); ++i)
    rows.row[static_cast<std::uint32_t>(kTypes[i].type)] = static_cast<std::int8_t>(i);
  return rows;
}();

}  // namespace

std::optional<TensorType> tensor_type_of_number(std::uint32_t number) {
  if (number >= kNumbers || kRowOfNumber.row[number] < 0) return std::nullopt;
  return static_cast<TensorType>(number);
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
  const auto number = static_cast<std::uint32_t>(type);
  assert(tensor_type_of_number(number));
  return kTypes[kRowOfNumber.row[number]];
}

}  // namespace saseo
