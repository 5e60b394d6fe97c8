// What of a chunk is indexed and embedded: its body, and as heading the document's title and the
// chunk's heading path. Internal to index/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace saseo {

class Database;

// "Manual > Charging > Wireless"; the parts that are empty are left out.
std::string indexed_heading(std::string_view title, std::span<const std::string> heading_path);

// The document's title; empty where it only repeats the file's name, which says nothing that people
// ask for, or where there is no such document.
Result<std::string> indexed_title(const Database& database, std::int64_t document);

}  // namespace saseo
