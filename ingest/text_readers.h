// Readers of text formats. Each takes the file's bytes, whatever they are, and never fails: bad
// bytes become U+FFFD and a warning.
#pragma once

#include <string>
#include <string_view>

#include "ingest/document.h"

namespace saseo {

// CommonMark with GFM tables, YAML front matter (title, product, model, edition, language fill
// DocumentInfo), and the blockquote warnings "> **경고** ...". Raw HTML is dropped.
Document read_markdown(std::string_view bytes);

// Main content: navigation, scripts, forms, headers and footers are left out, as is hidden text.
Document read_html(std::string_view bytes);

// Plain text: paragraphs by blank lines, headings by numbering or underlining, lists and steps.
Document read_text(std::string_view bytes);

struct DecodedText {
  std::string text;       // UTF-8, NFC, '\n' line ends.
  std::string charset;    // "UTF-8", "UTF-16LE", "UTF-16BE", "CP949"
  bool repaired = false;  // Bytes that fit no charset were replaced.
};

// Byte order mark, then strict UTF-8, then UTF-16 by its null bytes, then strict CP949 with a
// share of Hangul; else UTF-8 with replacements.
DecodedText decode_text(std::string_view bytes);

}  // namespace saseo
