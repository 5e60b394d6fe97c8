#include "ingest/text_headings.h"

#include <algorithm>
#include <string>

#include "base/utf8.h"

namespace saseo {
namespace {

constexpr std::size_t kMaxHeadingLength = 60;  // Code points; longer lines are sentences.

// Ends like a sentence: a heading does not.
bool ends_like_a_sentence(std::string_view line) {
  if (line.empty()) return false;
  const char last = line.back();
  if (last == '.' || last == ',' || last == ';' || last == ':') return true;
  for (const std::string_view end : {"다", "요", "오", "。"}) {
    if (line.ends_with(end)) return true;
  }
  return false;
}

std::size_t digits_at(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size() && is_ascii_digit(line[end]) && end - at < 3) ++end;
  return end - at;
}

bool has_letter(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, i);
    if (is_letter_or_digit(c.code_point) && !(c.code_point < 0x80 && is_ascii_digit(text[i])))
      return true;
    i += c.length;
  }
  return false;
}

// "제1장", "제 2 절": the level of the unit, 0 when the line does not begin so.
int korean_unit_level(std::string_view line) {
  const std::string_view ordinal = "제";
  if (!line.starts_with(ordinal)) return 0;
  std::size_t at = ordinal.size();
  while (at < line.size() && line[at] == ' ') ++at;
  const std::size_t digits = digits_at(line, at);
  if (digits == 0) return 0;
  at += digits;
  while (at < line.size() && line[at] == ' ') ++at;
  const std::string_view unit = line.substr(at);
  const auto is_unit = [&](std::string_view word) {
    if (!unit.starts_with(word)) return false;
    const std::string_view after = unit.substr(word.size());
    return after.empty() || after[0] == ' ' || after[0] == '.' || after[0] == ':' ||
           after[0] == '\t';
  };
  if (is_unit("장") || is_unit("부") || is_unit("편")) return 1;
  if (is_unit("절")) return 2;
  if (is_unit("항")) return 3;
  return 0;
}

bool starts_with_named_number(std::string_view line) {
  for (const std::string_view word :
       {"Chapter ", "CHAPTER ", "Appendix ", "APPENDIX ", "Part ", "PART ", "부록 "}) {
    if (!line.starts_with(word)) continue;
    const std::string_view rest = line.substr(word.size());
    std::size_t length = digits_at(rest, 0);
    if (length == 0 && !rest.empty() && rest[0] >= 'A' && rest[0] <= 'Z') length = 1;
    if (length > 0 && (rest.size() == length || rest[length] == ' ' || rest[length] == '.' ||
                       rest[length] == ':')) {
      return true;
    }
  }
  return false;
}

}  // namespace

int numbered_heading_level(std::string_view line, bool alone) {
  if (line.empty() || line.size() > kMaxHeadingLength * 4 ||
      count_code_points(line) > kMaxHeadingLength || ends_like_a_sentence(line)) {
    return 0;
  }
  if (const int level = korean_unit_level(line)) return level;
  if (starts_with_named_number(line)) return 1;
  const DecodedCodePoint first = decode_utf8(line, 0);
  if (first.code_point >= 0x2160 && first.code_point <= 0x216B) {  // Ⅰ to Ⅻ
    const std::string_view rest = line.substr(first.length);
    return (rest.starts_with(".") || rest.starts_with(" ")) && has_letter(rest) ? 1 : 0;
  }
  int depth = 0;
  std::size_t at = 0;
  while (true) {
    const std::size_t digits = digits_at(line, at);
    if (digits == 0) break;
    ++depth;
    at += digits;
    if (at >= line.size() || line[at] != '.') break;
    ++at;
  }
  if (depth == 0 || depth > 6 || at >= line.size() || (line[at] != ' ' && line[at] != '\t'))
    return 0;
  const std::string_view rest = trim(line.substr(at));
  // "2.4 GHz", "3.5 mm" and "1.5 배" are quantities: a heading's words have more to them.
  if (!has_letter(rest)) return 0;
  if (depth == 1) return alone && line[at - 1] == '.' ? 1 : 0;
  return alone || (rest.find(' ') != std::string_view::npos && rest.size() > 8) ? depth : 0;
}

int underline_level(std::string_view line, std::string_view underline) {
  if (underline.size() < 3 || line.empty() || (underline[0] != '=' && underline[0] != '-'))
    return 0;
  if (underline.find_first_not_of(underline[0]) != std::string_view::npos) return 0;
  const std::size_t length = count_code_points(line);
  if (length > kMaxHeadingLength) return 0;
  // Hangul is two columns wide.
  if (underline.size() + 2 < length || underline.size() > 2 * length + 20) return 0;
  return underline[0] == '=' ? 1 : 2;
}

bool is_capital_heading(std::string_view line) {
  if (line.size() > kMaxHeadingLength) return false;
  std::size_t letters = 0, spaces = 0;
  for (const char c : line) {
    if ((c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80) return false;
    letters += c >= 'A' && c <= 'Z';
    spaces += c == ' ';
  }
  return letters >= 4 && (letters >= 6 || spaces >= 1) && letters * 2 > line.size() &&
         !ends_like_a_sentence(line);
}

}  // namespace saseo
