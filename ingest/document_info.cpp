// Title, product, model number, edition and language, from the places where manuals print them:
// the cover (the first blocks), the metadata and the file name. A field that is not clear stays
// empty: a wrong product is worse than none.
#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "ingest/reader.h"

namespace saseo {
namespace {

constexpr std::size_t kTitlePageBlocks = 30;      // A cover is within these blocks,
constexpr std::size_t kCoverBytes = 3000;         // and within these bytes.
constexpr std::size_t kEditionCompany = 24;       // Code points beside an edition: a date.
constexpr std::size_t kMaxLineBytes = 200;        // Longer lines of a cover are prose.
constexpr std::size_t kLanguageSample = 200'000;  // Bytes.

struct CoverLine {
  std::string text;
  bool item = false;  // Of a list: told of the device, not named by it.
};

// The cover: the first two pages, or without pages what stands before the second heading.
std::vector<CoverLine> cover_lines(const Document& document) {
  std::vector<CoverLine> lines;
  std::size_t bytes = 0;
  int headings = 0;
  for (const Block& block : document.blocks) {
    if (lines.size() >= kTitlePageBlocks || bytes > kCoverBytes || block.first_page > 2) break;
    headings += block.kind == BlockKind::kHeading;
    if (block.first_page == 0 && headings == 2) break;
    if (block.kind == BlockKind::kCode || block.table >= 0) continue;
    bytes += block.span.size();
    const bool item = block.kind != BlockKind::kHeading && block.kind != BlockKind::kParagraph;
    if (block.span.size() <= kMaxLineBytes) {
      lines.push_back({std::string(document.text_of(block.span)), item});
    }
  }
  return lines;
}

// Metadata titles that programs put in by themselves.
bool is_junk_title(std::string_view title) {
  const std::string folded = fold_for_matching(trim(title));
  if (folded.size() < 2 || count_code_points(folded) > 150) return true;
  for (const std::string_view junk :
       {"untitled", "제목 없음", "microsoft word - ", "microsoft powerpoint - ", "document1",
        "무제", "new document", "title", "문서1"}) {
    if (folded == junk || (junk.size() > 12 && folded.starts_with(junk))) return true;
  }
  for (const std::string_view end : {".doc", ".docx", ".hwp", ".indd", ".pdf", ".fm", ".qxd", ".ai",
                                     ".ppt", ".pptx", ".xls", ".xlsx", ".hwpx"}) {
    if (folded.ends_with(end)) return true;
  }
  // Letters must be there: "20210304_v2" and "%$#" are none.
  std::size_t letters = 0;
  for (std::size_t i = 0; i < folded.size();) {
    const DecodedCodePoint c = decode_utf8(folded, i);
    letters += is_letter_or_digit(c.code_point) && !(c.code_point >= '0' && c.code_point <= '9');
    i += c.length;
  }
  return letters < 2 || folded.find("\xEF\xBF\xBD") != std::string::npos;
}

constexpr auto kManualWords = std::to_array<std::string_view>({"사용 설명서",
                                                               "사용자 설명서",
                                                               "사용설명서",
                                                               "사용자설명서",
                                                               "사용자 안내서",
                                                               "사용 안내서",
                                                               "사용자 가이드",
                                                               "사용 가이드",
                                                               "사용자 매뉴얼",
                                                               "사용자 메뉴얼",
                                                               "취급 설명서",
                                                               "취급설명서",
                                                               "제품 설명서",
                                                               "제품설명서",
                                                               "설치 설명서",
                                                               "설치 안내서",
                                                               "빠른 시작 안내서",
                                                               "빠른 시작 가이드",
                                                               "간편 설명서",
                                                               "간단 사용 설명서",
                                                               "온라인 설명서",
                                                               "설명서",
                                                               "안내서",
                                                               "매뉴얼",
                                                               "메뉴얼",
                                                               "가이드",
                                                               "user manual",
                                                               "user guide",
                                                               "user's guide",
                                                               "user's manual",
                                                               "owner's manual",
                                                               "quick start guide",
                                                               "instruction manual",
                                                               "operating instructions",
                                                               "installation guide",
                                                               "reference guide",
                                                               "owner's guide",
                                                               "service manual",
                                                               "manual",
                                                               "guide"});

std::string with_plain_apostrophes(std::string_view text) {
  constexpr std::string_view kCurly = "’";
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t found = std::min(text.find(kCurly, begin), text.size());
    out.append(text.substr(begin, found - begin));
    if (found < text.size()) out.push_back('\'');
    begin = found + kCurly.size();
  }
  return out;
}

std::string lowered_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// "다온폰 X1 사용 설명서" -> "다온폰 X1"; empty when the line is not a product's name with such
// words.
std::string product_of_title(std::string_view title) {
  const std::string text = with_plain_apostrophes(collapse_spaces(title));
  const std::string lower = lowered_ascii(text);
  std::string_view word;  // The longest manual word in the title.
  for (const std::string_view candidate : kManualWords) {
    if (candidate.size() > word.size() && lower.find(candidate) != std::string::npos) {
      word = candidate;
    }
  }
  if (word.empty()) return {};
  const std::size_t found = lower.rfind(word);
  // Only an edition or nothing may follow.
  if (count_code_points(std::string_view(text).substr(found + word.size())) > 12) return {};
  std::string_view product = std::string_view(text).substr(0, found);
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view end : {" ", "-", "–", "—", ":", ",", "|", "·", "("}) {
      if (!product.ends_with(end)) continue;
      product.remove_suffix(end.size());
      again = true;
    }
  }
  const std::size_t length = count_code_points(product);
  if (length < 2 || length > 40) return {};
  // "이 제품의", "How to use this": sentences, not names.
  if (product.ends_with("의") || product.ends_with("위한") || product.ends_with(" the")) return {};
  for (const std::string_view generic :
       {"제품", "온라인", "전자", "사용자", "간편", "빠른 시작", "설치"}) {
    if (product == generic) return {};
  }
  return std::string(product);
}

bool is_date_or_phone(const std::string& text) {
  static const std::regex pattern(
      R"(^(\d{2,4}[-./]\d{1,2}([-./]\d{1,4})?|\d{2,4}-\d{3,4}-\d{4}|\d{4}-\d{4})$)");
  return std::regex_match(text, pattern);
}

bool has_digit(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "모델명: DP-X100", "Model No. SM-G991N"; else a line, or an end in brackets, that is one.
std::string find_model_number(const std::vector<CoverLine>& lines, std::string_view product) {
  static const std::regex named(
      R"((?:모델명|모델 번호|모델번호|모델|형식명|형명|[Mm]odel\s*(?:[Nn]umber|[Nn]ame|[Nn]o\.?)?|MODEL\s*(?:NUMBER|NAME|NO\.?)?)\s*[:：(]?\s*([A-Z][A-Z0-9]*(?:[-/][A-Z0-9]+)*)(?![A-Za-z]))");
  for (const auto& [line, item] : lines) {
    std::smatch match;
    if (std::regex_search(line, match, named) && has_digit(match[1].str()) &&
        match[1].length() >= 3 && !is_date_or_phone(match[1].str())) {
      return match[1].str();
    }
  }
  static const std::regex shape(
      R"(^\(?([A-Z]{1,5}-?[A-Z]{0,3}[0-9]{2,5}[A-Z0-9]{0,6}(?:[-/][A-Z0-9]{1,6})?|[A-Z]{1,4}-[A-Z0-9]{2,10})\)?$)");
  for (const auto& [line, item] : lines) {
    std::smatch match;
    // "다온폰 X1 DP-X100": the product, then its model.
    std::string_view after = line;
    if (!product.empty() && after.starts_with(product)) after.remove_prefix(product.size());
    const std::string text = collapse_spaces(after);
    if (!item && std::regex_match(text, match, shape) && has_digit(match[1].str()))
      return match[1].str();
  }
  return {};
}

std::string find_edition(const std::vector<CoverLine>& lines) {
  static const std::regex edition(
      R"((제\s?[0-9]{1,3}\s?판|개정\s?(?:제\s?)?[0-9]{1,3}\s?판?|[0-9]{1,2}(?:st|nd|rd|th) [Ee]dition|\b[Rr]ev(?:ision)?\.? ?[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\b|\bREV\.? ?[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\b|\b[Vv]ersion ?[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}\b|\bVer\. ?[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\b|버전 ?[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}))");
  for (const auto& [line, item] : lines) {
    std::smatch match;
    // On a cover the edition stands nearly alone; in a sentence it is something else.
    if (!item && std::regex_search(line, match, edition) &&
        count_code_points(line) <= count_code_points(match[1].str()) + kEditionCompany) {
      return match[1].str();
    }
  }
  return {};
}

Language language_of(std::string_view text) {
  std::size_t hangul = 0, latin = 0, other = 0;
  text = text.substr(0, floor_to_code_point(text, kLanguageSample));
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, i);
    const char32_t p = c.code_point;
    if (is_hangul(p)) {
      ++hangul;
    } else if (p < 0x250) {
      latin += is_letter_or_digit(p) && !(p >= '0' && p <= '9');
    } else if (is_letter_or_digit(p) || (p >= 0x3040 && p <= 0x30FF)) {
      ++other;
    }
    i += c.length;
  }
  // A syllable says as much as some three letters.
  const std::size_t letters = hangul * 3 + latin + other * 3;
  if (letters < 20) return Language::kUnknown;
  if (hangul * 3 * 4 >= letters && hangul >= other) return Language::kKorean;
  if (other * 3 * 2 >= letters) return Language::kOther;
  return latin * 2 >= letters ? Language::kEnglish : Language::kUnknown;
}

std::string title_of_cover(const Document& document) {
  for (std::size_t i = 0; i < document.blocks.size() && i < 10; ++i) {
    const Block& block = document.blocks[i];
    if (block.first_page > 1) break;
    if (block.kind == BlockKind::kHeading && block.level == 1 &&
        block.span.size() <= kMaxLineBytes) {
      return std::string(document.text_of(block.span));
    }
  }
  return {};
}

}  // namespace

void infer_document_info(Document& document, const std::filesystem::path& path) {
  DocumentInfo& info = document.info;
  const std::vector<CoverLine> cover = cover_lines(document);
  if (!info.title.empty() && is_junk_title(info.title)) info.title.clear();
  if (info.title.empty()) info.title = title_of_cover(document);
  if (info.product.empty()) info.product = product_of_title(info.title);
  for (std::size_t i = 0; i < cover.size() && i < 8 && info.product.empty(); ++i) {
    info.product = product_of_title(cover[i].text);
  }
  if (info.model_number.empty()) info.model_number = find_model_number(cover, info.product);
  if (info.edition.empty()) info.edition = find_edition(cover);
  if (info.language == Language::kUnknown) info.language = language_of(document.text);
  if (info.title.empty()) info.title = to_nfc(path.stem().string());
}

}  // namespace saseo
