// How the central types are written into columns of the library, and read back with checks.
//
//   segments      u64 begin, u64 end, ...                       (little-endian)
//   lines         per line: u64 begin, u64 end, f32 x, y, width, height
//   heading_path  JSON array of strings
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/document.h"

namespace saseo {

std::vector<std::byte> segments_to_blob(std::span<const ByteSpan> segments);
Result<std::vector<ByteSpan>> segments_from_blob(std::span<const std::byte> blob);

std::vector<std::byte> lines_to_blob(std::span<const TextLine> lines);
Result<std::vector<TextLine>> lines_from_blob(std::span<const std::byte> blob, int page);

std::string heading_path_to_json(std::span<const std::string> path);
std::vector<std::string> heading_path_from_json(
    std::string_view json);  // Empty when it is no such array.
// "충전 > 무선 충전"
std::string join_heading_path(std::span<const std::string> path);

DocumentKind kind_of_name(std::string_view name);  // kText when unknown.

}  // namespace saseo
