// `saseo library verify`: every promise that the library's tables make, checked against their
// content. And `rebuild`: what can be derived is derived anew.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/result.h"
#include "index/check_report.h"
#include "index/library.h"

namespace saseo {

// Reads one committed state; another process may write meanwhile. Fails when the library cannot be
// opened at all; faults of its content are the report.
Result<CheckReport> verify_library(const std::filesystem::path& folder);

// SQLite's own look at the pages of library.db, without the content: takes a share of the time.
Status quick_check(const Library& library);

struct RebuildReport {
  std::size_t chunks = 0;
  std::size_t vectors = 0;  // LSA's; 0 when there is too little text for a fit.
};

// Derives terms and LSA anew from the chunks, and the caches that do not fit. Vectors of other
// embedders, and the caches of them that fit, stay as they are. Opens the library for writing:
// fails with kLocked while another process writes.
Result<RebuildReport> rebuild_library(const std::filesystem::path& folder);

}  // namespace saseo
