// PDF, read by the separate program saseo-pdf (which links GPL poppler) in a sandbox: page by page
// over a pipe, bounded in memory, processor time and wall time. A hostile file costs only the
// child; pages already read are kept with a warning.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/document.h"
#include "ingest/read_options.h"

namespace saseo {

Result<Document> read_pdf(const std::filesystem::path& path, const ReadOptions& options);

// A page as pixels, 8-bit RGB without padding, row by row from the top: (height, width, 3).
struct PageImage {
  int width = 0, height = 0;  // Pixels.
  float dots_per_point = 1;   // Pixels per point of Box.
  std::vector<unsigned char> rgb;
};

// Renders one page (1-based), in the same sandbox.
Result<PageImage> render_pdf_page(const std::filesystem::path& path, int page, float dpi,
                                  const ReadOptions& options);

// Marks boxes (as Document gives them) with translucent yellow.
void highlight(PageImage& image, std::span<const Box> boxes);
Result<void> write_png(const PageImage& image, const std::filesystem::path& path);

}  // namespace saseo
