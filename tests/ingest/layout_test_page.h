// Pages of words made by hand for the layout tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "ingest/block_pipe.h"
#include "ingest/document.h"
#include "ingest/layout_document.h"

namespace saseo {

// Latin letters are half the font size wide, Hangul and the like the whole of it.
class TestPage {
 public:
  explicit TestPage(int number = 1) {
    page_.number = number;
    page_.width = 595;
    page_.height = 842;
    page_.fonts = {"Sans", "Sans-Bold", "Sans-Mono"};
  }

  // One line of words from x; y is its top.
  TestPage& line(float x, float y, std::string_view text, float size = 10, int font = kRegular) {
    while (!text.empty()) {
      const std::size_t space = std::min(text.find(' '), text.size());
      PdfWord word;
      word.text = text.substr(0, space);
      word.x = x;
      word.y = y;
      word.width = width_of(word.text, size);
      word.height = size;
      word.font_size = size;
      word.font = static_cast<std::uint16_t>(font);
      word.space_after = space < text.size();
      x += word.width + size * 0.3f;
      text.remove_prefix(std::min(space + 1, text.size()));
      page_.words.push_back(std::move(word));
    }
    return *this;
  }
  // Lines one below the other, 13 points apart.
  TestPage& lines(float x, float y, const std::vector<std::string>& texts, float size = 10) {
    for (const std::string& text : texts) line(x, y, text, size), y += 13;
    return *this;
  }
  // A drawn line, along one axis.
  TestPage& rule(float left, float top, float right, float bottom) {
    page_.rules.push_back({left, top, right, bottom});
    return *this;
  }
  TestPage& hide_last_word() {
    page_.words.back().hidden = true;
    return *this;
  }

  operator PdfPage() const { return page_; }

  static float width_of(std::string_view text, float size) {
    float width = 0;
    for (const char32_t c : to_utf32(text)) width += (c >= 0x1100 ? 1.0f : 0.5f) * size;
    return width;
  }

  static constexpr int kRegular = 0, kBold = 1, kMono = 2;

 private:
  PdfPage page_;
};

inline Document document_of(std::vector<PdfPage> pages, PdfHeader header = {}) {
  header.claimed_pages = static_cast<std::uint32_t>(pages.size());
  return build_pdf_document(header, std::move(pages));
}

// "heading1 Title", "step2 [1.] text": kind, level when it matters, marker, text.
inline std::vector<std::string> sketch(const Document& document) {
  std::vector<std::string> out;
  for (const Block& block : document.blocks) {
    std::string text(name_of(block.kind));
    if (block.kind == BlockKind::kHeading || block.kind == BlockKind::kStep ||
        block.kind == BlockKind::kListItem)
      text += std::to_string(block.level);
    if (!block.marker.empty()) text += " [" + block.marker + "]";
    out.push_back(text + " " + std::string(document.text_of(block.span)));
  }
  return out;
}

}  // namespace saseo
