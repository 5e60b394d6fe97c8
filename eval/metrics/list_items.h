// Items of lists in plain text:
//
//   "1. ...", "2) ...", "(3) ...", "④ ...", "5단계: ...", "Step 6: ...", "- ...", "• ...", "* ..."
//
// At the beginning of a line any mark begins an item; within a line only a number that goes on
// counting from the item before, or from 1 ("1) 끄고 2) 켭니다").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/document.h"

namespace saseo::eval {

struct ListItem {
  ByteSpan mark;  // "1." with the space behind it.
  ByteSpan text;  // Up to the next item, without white space at the ends.
};

// In order; empty when fewer than two items stand in the text.
std::vector<ListItem> list_items(std::string_view text);

// A copy in which spaces stand for the marks.
std::string without_item_marks(std::string_view text);

}  // namespace saseo::eval
