// Whether this machine can draw fonts that a PDF names but does not bring along.
#pragma once

#include <string_view>

namespace saseo::pdf_helper {

// Draws a page of its own in such a font, once for Latin and once for Korean print, and remembers
// whether that left ink. Thread-safe.
bool can_draw_substitute(std::string_view text);

}  // namespace saseo::pdf_helper
