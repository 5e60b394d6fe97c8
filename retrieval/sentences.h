// Sentence boundaries of Korean and English manuals.
//
// A sentence ends at . ! ? … 。 (and closing quotes and brackets after it) before white space or
// the end of the text; not inside brackets, in a number ("3.5"), after an abbreviation ("e.g.",
// "No."), after a lone capital ("J.") or after the number of a step ("1.").
#pragma once

#include <string_view>
#include <vector>

#include "ingest/document.h"

namespace saseo {

// Spans of `text`, in order, without white space at either end; together they hold every character
// that is not white space.
std::vector<ByteSpan> split_sentences(std::string_view text);

}  // namespace saseo
