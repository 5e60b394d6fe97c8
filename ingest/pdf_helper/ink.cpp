#include "ingest/pdf_helper/ink.h"

#include <poppler-font.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <unordered_set>

#include "base/utf8.h"
#include "ingest/pdf_helper/substitute_fonts.h"

namespace saseo::pdf_helper {
namespace {

constexpr float kSmallestReadable = 2.5f;  // Points.
constexpr float kQuickDpi = 36, kExactDpi = 110;
constexpr double kMaxPixels = 6e6;
// Differences in shade, of 255, within a box. Pale grey print of 6 points still gives 30 at 36 dpi.
constexpr int kSurelyVisible = 40, kInvisible = 10;

poppler::image draw(const poppler::page& page, float dpi) {
  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_gray8);
  renderer.set_render_hint(poppler::page_renderer::antialiasing);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
  return renderer.render_page(&page, dpi, dpi);
}

// The largest difference in shade within the word's box, its edges included.
int contrast(const poppler::image& image, const PdfWord& word, float dpi) {
  const float scale = dpi / 72;
  const int left = std::max(static_cast<int>(std::floor(word.x * scale)), 0);
  const int right = std::min(static_cast<int>(std::ceil(word.right() * scale)), image.width() - 1);
  const int top = std::max(static_cast<int>(std::floor(word.y * scale)), 0);
  const int bottom =
      std::min(static_cast<int>(std::ceil(word.bottom() * scale)), image.height() - 1);
  int lightest = 0, darkest = 255;
  for (int y = top; y <= bottom; ++y) {
    const auto* row = reinterpret_cast<const unsigned char*>(image.const_data()) +
                      static_cast<std::ptrdiff_t>(y) * image.bytes_per_row();
    for (int x = left; x <= right; ++x) {
      lightest = std::max<int>(lightest, row[x]);
      darkest = std::min<int>(darkest, row[x]);
    }
  }
  return std::max(lightest - darkest, 0);
}

// The names of the fonts that the page's file brings along.
std::unordered_set<std::string> embedded_fonts(const poppler::document& document, int index) {
  std::unordered_set<std::string> names;
  const std::unique_ptr<poppler::font_iterator> fonts(document.create_font_iterator(index));
  if (fonts && fonts->has_next())
    for (const poppler::font_info& font : fonts->next())
      if (font.is_embedded()) names.insert(repair_utf8(font.name()));
  return names;
}

}  // namespace

bool says_something(const PdfWord& word) {
  for (const char32_t c : to_utf32(word.text))
    if (is_letter_or_digit(c)) return true;
  return false;
}

void mark_tiny_words(PdfPage& words) {
  for (PdfWord& word : words.words)
    if (std::max(word.font_size, std::min(word.width, word.height)) < kSmallestReadable)
      word.hidden = says_something(word);
}

void mark_hidden_words(const poppler::document& document, int index, const poppler::page& page,
                       PdfPage& words) {
  if (words.words.empty() || words.width <= 0 || words.height <= 0) return;
  const double square_inches = words.width * words.height / (72.0 * 72.0);
  const float quick_dpi = std::min<float>(kQuickDpi, std::sqrt(kMaxPixels / square_inches));
  const float exact_dpi = std::min<float>(kExactDpi, std::sqrt(kMaxPixels / square_inches));

  std::vector<PdfWord*> suspects;
  const poppler::image quick = draw(page, quick_dpi);
  for (PdfWord& word : words.words) {
    if (!word.hidden && quick.is_valid() && contrast(quick, word, quick_dpi) < kSurelyVisible &&
        says_something(word))
      suspects.push_back(&word);
  }
  if (suspects.empty()) return;

  const poppler::image exact = draw(page, exact_dpi);
  if (!exact.is_valid()) return;
  std::erase_if(suspects, [&](const PdfWord* word) {
    return contrast(exact, *word, exact_dpi) >= kInvisible;
  });
  if (suspects.empty()) return;

  const std::unordered_set<std::string> embedded = embedded_fonts(document, index);
  for (PdfWord* word : suspects) {
    const bool drawable =
        (word->font < words.fonts.size() && embedded.contains(words.fonts[word->font])) ||
        can_draw_substitute(word->text);
    word->hidden = drawable;
  }
}

}  // namespace saseo::pdf_helper
