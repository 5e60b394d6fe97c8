// The headings of a manual.
#pragma once

#include <string>
#include <vector>

#include "index/library.h"

namespace saseo::app {

struct OutlineEntry {
  int level = 1;
  std::string text;
  int page = 0;  // 0 without pages.
};

// The headings that its chunks stand under, in reading order, each with the first such page.
Result<std::vector<OutlineEntry>> outline_of(const Library& library,
                                             const StoredDocument& document);

}  // namespace saseo::app
