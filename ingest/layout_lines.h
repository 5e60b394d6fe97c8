// Lines from words, in reading order.
//
// Words become runs (words with ordinary gaps), runs become rows within their column. Columns are
// found by a gutter: a stretch of x that few runs cross while both sides are filled with text. What
// crosses the gutter (a heading over both columns) parts the page into bands; a band is read column
// by column.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/block_pipe.h"

namespace saseo::layout {

// A run of words on one line with ordinary gaps between them: a line of a paragraph, a table cell.
struct Run {
  std::string text;
  float x = 0, y = 0, right = 0, bottom = 0;  // Points from the top left of the page.
  float size = 0;                             // Font size of most of its characters.
  bool bold = false, mono = false;            // All of it.
  std::size_t bold_prefix = 0;   // Bytes of text that are bold at its start, when not all of it is.
  float first_word_right = 0;    // Where the first word ends.
  float second_word_x = 0;       // Where the second word begins; 0 with one word only.
  std::uint32_t characters = 0;  // Code points without spaces.

  float height() const { return bottom - y; }
  float middle() const { return (y + bottom) / 2; }
};

struct Line {
  int page = 0;
  int region = 0;                    // Column: lines with the same page and region are one stream.
  float left = 0, right_margin = 0;  // Of the region.
  std::vector<Run> runs;             // Left to right; at least one.

  float x() const { return runs.front().x; }
  float right() const { return runs.back().right; }
  float y() const;
  float bottom() const;
  float size() const { return main_run().size; }
  bool bold() const;
  bool mono() const;
  std::string text() const;  // The runs joined by a space.
  const Run& main_run() const;
};

// The visible, upright words of a page as lines in reading order.
std::vector<Line> lines_of(const PdfPage& page);

}  // namespace saseo::layout
