// A cited page as a picture, with the cited lines marked.
#pragma once

#include <filesystem>
#include <string>

#include "app/settings/application.h"
#include "generation/answer.h"

namespace saseo::app {

struct PageImageRequest {
  std::filesystem::path file;  // PNG to write.
  float dpi = 144;
  std::string password;
};

struct DrawnPage {
  DocumentId document{};
  int page = 0;
  std::size_t boxes = 0;
  bool file_changed = false;  // The manual is not the file that was ingested: boxes may be off.
};

// The first cited page of the passage of that number; number 0: the first cited page of all. Fails
// with kUnsupported when nothing cited stands on a PDF page.
Result<DrawnPage> draw_cited_page(const Application& application, const Library& library,
                                  const Answer& answer, int number,
                                  const PageImageRequest& request);

}  // namespace saseo::app
