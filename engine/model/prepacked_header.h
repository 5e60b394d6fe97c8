// The header of a file of prepacked weights; prepacked.h gives the layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/model/model_panels.h"

namespace saseo {

constexpr std::size_t kPrepackedAlignment = std::size_t{2} << 20;

// Of a file of so many matrices.
std::size_t prepacked_header_bytes(std::size_t matrices);
// Where the panels begin.
std::size_t prepacked_data_offset(std::size_t matrices);

// checksums: one for each place of the plan.
std::string prepacked_header(const Model& model, const PanelPlan& plan,
                             std::span<const std::uint64_t> checksums);
// The checksum of matrix i in a header of full length.
std::uint64_t prepacked_checksum(std::span<const std::byte> header, std::size_t i);

}  // namespace saseo
