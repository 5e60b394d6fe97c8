#include "ingest/pdf_helper/poppler_text.h"

#include <poppler-toc.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

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

PdfPage read_page(const poppler::page* page, int number) {
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

  std::unordered_map<std::string, std::uint16_t> font_numbers;
  for (const poppler::text_box& box : page->text_list(poppler::page::text_list_include_font)) {
    if (out.words.size() >= kMaxWordsPerPage) {
      out.cut = true;
      break;
    }
    PdfWord word;
    word.text = to_utf8(box.text());
    const poppler::rectf place = box.bbox();
    word.x = static_cast<float>(place.x());
    word.y = static_cast<float>(place.y());
    word.width = static_cast<float>(std::max(place.width(), 0.0));
    word.height = static_cast<float>(std::max(place.height(), 0.0));
    word.space_after = box.has_space_after();
    word.rotation = static_cast<std::uint8_t>(box.rotation() & 3);
    if (box.has_font_info()) {
      word.font_size = static_cast<float>(std::max(box.get_font_size(), 0.0));
      std::string name = repair_utf8(box.get_font_name()).substr(0, kMaxFontName);
      const auto [at, is_new] =
          font_numbers.try_emplace(name, static_cast<std::uint16_t>(out.fonts.size()));
      if (is_new) out.fonts.push_back(std::move(name));
      word.font = at->second;
    }
    out.words.push_back(std::move(word));
  }
  return out;
}

}  // namespace saseo::pdf_helper
