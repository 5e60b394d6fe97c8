// The library as people read it.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "cli/terminal/terminal.h"
#include "index/library.h"
#include "index/library_check.h"

namespace saseo::cli {

struct OutlineEntry {
  int level = 1;
  std::string text;
  int page = 0;  // 0 without pages.
};

// The headings that its chunks stand under, in reading order, each with the first such page.
Result<std::vector<OutlineEntry>> outline_of(const Library& library,
                                             const StoredDocument& document);

std::string list_view(std::span<const StoredDocument> documents, const Console& console);
Result<std::string> document_view(const Library& library, const StoredDocument& document,
                                  std::span<const OutlineEntry> outline, const Console& console);
std::string check_view(const CheckReport& report, const Console& console);
std::string stats_view(const LibraryStats& stats, const std::filesystem::path& folder,
                       const Console& console);

}  // namespace saseo::cli
