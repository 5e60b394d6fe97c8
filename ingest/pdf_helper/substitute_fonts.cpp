#include "ingest/pdf_helper/substitute_fonts.h"

#include <poppler-document.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/utf8.h"

namespace saseo::pdf_helper {
namespace {

constexpr std::string_view kLatinFont = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
constexpr std::string_view kKoreanFont =
    "<</Type/Font/Subtype/Type0/BaseFont/HYSMyeongJo-Medium/Encoding/UniKS-UCS2-H"
    "/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/HYSMyeongJo-Medium"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 1>>/DW 1000>>]>>";

// A PDF of one page with one glyph, without a table of objects: poppler rebuilds it.
bool leaves_ink(std::string_view font, std::string_view glyph) {
  const std::string content = "BT /F 40 Tf 10 20 Td " + std::string(glyph) + " Tj ET";
  const std::string file =
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
      "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R"
      "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
      "4 0 obj<</Length " +
      std::to_string(content.size()) + ">>stream\n" + content + "\nendstream endobj\n5 0 obj" +
      std::string(font) +
      "endobj\n"
      "trailer<</Root 1 0 R/Size 6>>\n%%EOF\n";
  const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(file.data(), static_cast<int>(file.size())));
  const std::unique_ptr<poppler::page> page(document ? document->create_page(0) : nullptr);
  if (!page) return false;
  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_gray8);
  const poppler::image image = renderer.render_page(page.get(), 72, 72);
  for (int y = 0; image.is_valid() && y < image.height(); ++y) {
    const auto* row = reinterpret_cast<const unsigned char*>(image.const_data()) +
                      static_cast<std::ptrdiff_t>(y) * image.bytes_per_row();
    if (std::any_of(row, row + image.width(), [](unsigned char shade) { return shade < 128; }))
      return true;
  }
  return false;
}

}  // namespace

bool can_draw_substitute(std::string_view text) {
  const std::u32string all = to_utf32(text);
  const bool korean =
      std::ranges::any_of(all, [](char32_t c) { return c >= 0x2E80; });  // Hangul, Han, Kana.
  static const bool draws_latin = leaves_ink(kLatinFont, "(H)");
  static const bool draws_korean = leaves_ink(kKoreanFont, "<D55C>");
  return korean ? draws_korean : draws_latin;
}

}  // namespace saseo::pdf_helper
