#include "engine/model/prepacked_header.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <vector>

#include "base/hash.h"
#include "engine/model/panels.h"

namespace saseo {
namespace {

constexpr std::uint32_t kPrepackedFormat = 1;
constexpr std::size_t kHeadBytes = 48;
constexpr std::size_t kNameBytes = 64;
constexpr std::size_t kEntryBytes = kNameBytes + 4 * 4 + 3 * 8;

template <typename T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// The version, and what make_panel() makes of a pattern: a change of the layout is noticed even
// where the version was forgotten.
std::uint64_t layout_mark() {
  Checksum sum;
  sum.add(std::as_bytes(std::span(&kPanelLayout, 1)));
  for (std::uint32_t number = 0; number < 64; ++number) {
    const std::optional<TensorType> type = tensor_type_of_number(number);
    if (!type || is_float_type(*type)) continue;
    constexpr std::size_t kBlocks = 2;
    const std::size_t cols = kBlocks * tensor_type_info(*type).block_elements;
    const std::size_t row = row_bytes(*type, cols);
    std::vector<std::byte> rows(kPanelRows * row), panel(panel_bytes(*type, cols));
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::byte>(i * 31 >> 3);
    make_panel(*type, rows.data(), kPanelRows, row, kBlocks, panel.data());
    sum.add(panel);
  }
  return sum.value();
}

// Of which files and tensors the model is; their content is compared row by row.
std::uint64_t source_mark(const Model& model) {
  std::string facts;
  append(facts, model.file_bytes);
  for (const TensorInfo& tensor : model.tensors) {
    facts += tensor.name;
    append(facts, static_cast<std::uint32_t>(tensor.type));
    for (const std::uint64_t size : tensor.shape) append(facts, size);
    append(facts, tensor.bytes);
  }
  return checksum(bytes_of(facts));
}

}  // namespace

std::size_t prepacked_header_bytes(std::size_t matrices) {
  return kHeadBytes + matrices * kEntryBytes + sizeof(std::uint64_t);
}

std::size_t prepacked_data_offset(std::size_t matrices) {
  return (prepacked_header_bytes(matrices) + kPrepackedAlignment - 1) / kPrepackedAlignment *
         kPrepackedAlignment;
}

std::string prepacked_header(const Model& model, const PanelPlan& plan,
                             std::span<const std::uint64_t> checksums) {
  assert(checksums.size() == plan.places.size());
  const std::size_t data = prepacked_data_offset(plan.places.size());
  std::string out = "SASEOPAN";
  append(out, kPrepackedFormat);
  append(out, static_cast<std::uint32_t>(prepacked_header_bytes(plan.places.size())));
  append(out, layout_mark());
  append(out, source_mark(model));
  append(out, std::uint64_t{data + plan.bytes});
  append(out, static_cast<std::uint32_t>(plan.places.size()));
  append(out, std::uint32_t{0});
  for (std::size_t i = 0; i < plan.places.size(); ++i) {
    const PanelPlace& place = plan.places[i];
    std::array<char, kNameBytes> name{};
    std::memcpy(name.data(), place.name.data(), std::min(place.name.size(), kNameBytes));
    out.append(name.data(), name.size());
    append(out, static_cast<std::uint32_t>(place.matrix.type));
    append(out, place.matrix.rows);
    append(out, place.matrix.cols);
    append(out, std::uint32_t{0});
    append(out, std::uint64_t{data + place.offset});
    append(out, std::uint64_t{place.bytes});
    append(out, checksums[i]);
  }
  append(out, checksum(bytes_of(out)));
  assert(out.size() == prepacked_header_bytes(plan.places.size()));
  return out;
}

std::uint64_t prepacked_checksum(std::span<const std::byte> header, std::size_t i) {
  std::uint64_t value = 0;
  std::memcpy(&value, header.data() + kHeadBytes + (i + 1) * kEntryBytes - sizeof value,
              sizeof value);
  return value;
}

}  // namespace saseo
