#include "ingest/pdf_helper/poppler_text.h"

#include <TextOutputDev.h>
#include <goo/GooString.h>
#include <poppler-toc.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"

namespace saseo::pdf_helper {
namespace {

constexpr std::size_t kMaxFontName = 127;  // The PDF limit on names.
constexpr int kMaxOutlineDepth = 16;

void add_outline(const poppler::toc_item& item, int level, std::vector<PdfOutlineEntry>& out) {
  for (const poppler::toc_item* child : item.children()) {
    if (child == nullptr || out.size() >= kMaxOutlineEntries) return;
    out.push_back({level, to_utf8(child->title())});
    if (level < kMaxOutlineDepth) add_outline(*child, level + 1, out);
  }
}

// Takes the words of a page in their order, and numbers its fonts as they come.
class WordTaker {
 public:
  explicit WordTaker(PdfPage& page) : page_(page) {}

  // False when the page holds no more: the word is left out.
  bool take(PdfWord word, std::string_view font) {
    if (page_.words.size() >= kMaxWordsPerPage) {
      page_.cut = true;
      return false;
    }
    std::string name = repair_utf8(font).substr(0, kMaxFontName);
    const auto [at, is_new] =
        numbers_.try_emplace(name, static_cast<std::uint16_t>(page_.fonts.size()));
    if (is_new) page_.fonts.push_back(std::move(name));
    word.font = at->second;
    page_.words.push_back(std::move(word));
    return true;
  }

 private:
  PdfPage& page_;
  std::unordered_map<std::string, std::uint16_t> numbers_;
};

PdfWord place_word(double x, double y, double width, double height, double font_size) {
  PdfWord word;
  word.x = static_cast<float>(x);
  word.y = static_cast<float>(y);
  word.width = static_cast<float>(std::max(width, 0.0));
  word.height = static_cast<float>(std::max(height, 0.0));
  word.font_size = static_cast<float>(std::max(font_size, 0.0));
  return word;
}

// The core's text as poppler-cpp gives it: up to the first NUL. Valid UTF-8, as nearly all of it
// is, needs no way through UTF-16.
std::string clean(const GooString& text) {
  const char* const start = text.c_str();
  std::string out = start;
  if (!is_valid_utf8(out)) return to_utf8(poppler::ustring::from_utf8(start));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

}  // namespace

std::string to_utf8(const poppler::ustring& text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 &&
        text[i + 1] < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
    } else if (c >= 0xD800 && c < 0xE000) {
      c = kReplacementCharacter;
    }
    append_utf8(out, c < 0x20 || c == 0x7F ? U' ' : c);
  }
  return out;
}

PdfHeader read_header(const poppler::document& document) {
  PdfHeader header;
  header.claimed_pages = static_cast<std::uint32_t>(std::max(document.pages(), 0));
  header.encrypted = document.is_encrypted();
  header.title = to_utf8(document.get_title());
  header.author = to_utf8(document.get_author());
  header.subject = to_utf8(document.get_subject());
  header.keywords = to_utf8(document.get_keywords());
  const std::unique_ptr<poppler::toc> outline(document.create_toc());
  if (outline && outline->root() != nullptr) add_outline(*outline->root(), 1, header.outline);
  return header;
}

PdfPage read_frame(const poppler::page* page, int number) {
  PdfPage out;
  out.number = number;
  if (page == nullptr) {
    out.unreadable = true;
    return out;
  }
  out.label = to_utf8(page->label());
  const poppler::rectf area = page->page_rect(poppler::crop_box);
  out.width = static_cast<float>(area.width());
  out.height = static_cast<float>(area.height());
  const auto turned = page->orientation();
  if (turned == poppler::page::landscape || turned == poppler::page::seascape)
    std::swap(out.width, out.height);
  return out;
}

void take_words(TextOutputDev& device, PdfPage& page) {
  WordTaker words(page);
  const std::unique_ptr<TextWordList> list = device.makeWordList();
  for (int i = 0; i < list->getLength(); ++i) {
    const TextWord& from = *list->get(i);
    double left = 0, top = 0, right = 0, bottom = 0;
    from.getBBox(&left, &top, &right, &bottom);
    PdfWord word = place_word(left, top, right - left, bottom - top, from.getFontSize());
    word.text = clean(*std::unique_ptr<GooString>(from.getText()));
    word.space_after = from.hasSpaceAfter();
    word.rotation = static_cast<std::uint8_t>(from.getRotation() & 3);
    const GooString* const font = from.getLength() > 0 ? from.getFontName(0) : nullptr;
    if (!words.take(std::move(word), font != nullptr ? font->c_str() : "")) return;
  }
}

void take_words(const poppler::page& from, PdfPage& page) {
  WordTaker words(page);
  for (const poppler::text_box& box : from.text_list(poppler::page::text_list_include_font)) {
    const poppler::rectf at = box.bbox();
    PdfWord word = place_word(at.x(), at.y(), at.width(), at.height(), box.get_font_size());
    word.text = to_utf8(box.text());
    word.space_after = box.has_space_after();
    word.rotation = static_cast<std::uint8_t>(box.rotation() & 3);
    if (!words.take(std::move(word), box.get_font_name())) return;
  }
}

}  // namespace saseo::pdf_helper
