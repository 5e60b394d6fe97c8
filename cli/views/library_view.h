// The library as people read it.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "app/library/outline.h"
#include "cli/terminal/terminal.h"
#include "index/library.h"
#include "index/library_check.h"

namespace saseo::cli {

std::string list_view(std::span<const StoredDocument> documents, const Console& console);
Result<std::string> document_view(const Library& library, const StoredDocument& document,
                                  std::span<const app::OutlineEntry> outline,
                                  const Console& console);
std::string check_view(const CheckReport& report, const Console& console);
std::string stats_view(const LibraryStats& stats, const std::filesystem::path& folder,
                       const Console& console);

}  // namespace saseo::cli
