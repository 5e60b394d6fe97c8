// What saseo-pdf does once the sandbox is closed: pages as words, or one page as pixels.
#pragma once

#include <poppler-document.h>

#include <memory>
#include <string>
#include <string_view>

namespace saseo::pdf_helper {

struct Request {
  std::string_view file;  // The mapped file; outlives the request.
  std::string password;
  int page = 1;             // Render only; 1-based.
  float dpi = 150;          // Render only.
  int workers = 1;          // Threads that read pages.
  bool draw_all = false;    // Look for hidden words on plain pages too: slower, for comparing.
  bool tell_drawn = false;  // Say on standard error how many pages were drawn.
};

// Both write the whole stream (block_pipe.h) to standard output and end the process when the
// parent is gone (SIGPIPE).
void write_text(const Request& request);
void write_image(const Request& request);

}  // namespace saseo::pdf_helper
