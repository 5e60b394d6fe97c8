#include "ingest/layout_document.h"

#include <algorithm>
#include <cmath>

#include "base/message.h"
#include "base/utf8.h"

namespace saseo {

Document build_pdf_document(const PdfHeader& header, std::vector<PdfPage> pages) {
  Document document;
  document.kind = DocumentKind::kPdf;
  document.info.title = to_nfc(collapse_spaces(header.title));
  for (const PdfPage& page : pages) {
    Page out{page.number, page.label.empty() ? std::to_string(page.number) : page.label, page.width,
             page.height, 0};
    Block* block = nullptr;
    const PdfWord* before = nullptr;
    for (const PdfWord& word : page.words) {
      if (word.hidden || word.rotation != 0) continue;
      const std::string text = to_nfc(collapse_spaces(word.text));
      if (text.empty()) continue;
      const bool same_line = before && std::fabs(word.y - before->y) < word.height / 2;
      if (!before || word.y - before->bottom() > word.height ||
          word.y < before->y - 2 * word.height) {
        if (block) document.text += '\n';
        document.blocks.push_back({});
        block = &document.blocks.back();
        block->span.begin = document.text.size();
        block->first_page = block->last_page = page.number;
      } else if (!same_line || before->space_after) {
        document.text += ' ';
      }
      const std::size_t begin = document.text.size();
      document.text += text;
      block->span.end = document.text.size();
      if (same_line && !document.lines.empty() &&
          document.lines.back().span.begin >= block->span.begin) {
        document.lines.back().span.end = block->span.end;
        document.lines.back().box.width = word.right() - document.lines.back().box.x;
      } else {
        document.lines.push_back(
            {{begin, block->span.end}, {page.number, word.x, word.y, word.width, word.height}});
      }
      out.characters += count_code_points(text);
      before = &word;
    }
    if (block) document.text += '\n';
    document.pages.push_back(std::move(out));
  }
  return document;
}

}  // namespace saseo
