#include "ingest/block_markers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <span>
#include <vector>

#include "base/utf8.h"

namespace saseo {
namespace {

using Signs = std::span<const std::string_view>;

struct WarningWord {
  std::string_view word;  // Folded for matching.
  bool in_text;  // Whether "word: text" in running text is a warning too ("tip: ..." is; "info: "
                 // is not).
};

constexpr std::array kWarningWords = {
    WarningWord{"경고", true},     WarningWord{"주의", true},      WarningWord{"위험", true},
    WarningWord{"참고", true},     WarningWord{"알림", true},      WarningWord{"중요", true},
    WarningWord{"주의사항", true}, WarningWord{"주의 사항", true}, WarningWord{"경고사항", true},
    WarningWord{"참고사항", true}, WarningWord{"참고 사항", true}, WarningWord{"유의", true},
    WarningWord{"유의사항", true}, WarningWord{"유의 사항", true}, WarningWord{"안내", false},
    WarningWord{"팁", true},       WarningWord{"도움말", false},   WarningWord{"warning", true},
    WarningWord{"caution", true},  WarningWord{"danger", true},    WarningWord{"note", true},
    WarningWord{"notes", true},    WarningWord{"notice", true},    WarningWord{"important", true},
    WarningWord{"tip", true},      WarningWord{"tips", true},      WarningWord{"attention", true},
    WarningWord{"info", false},    WarningWord{"hint", false},
};

const WarningWord* find_warning_word(std::string_view word) {
  if (word.empty() || word.size() > 32) return nullptr;
  const std::string folded = fold_for_matching(word);
  for (const WarningWord& known : kWarningWords) {
    if (known.word == folded) return &known;
  }
  return nullptr;
}

bool starts_with_any(std::string_view text, Signs prefixes, std::size_t& length) {
  for (const std::string_view prefix : prefixes) {
    if (text.starts_with(prefix)) {
      length = prefix.size();
      return true;
    }
  }
  return false;
}

std::string_view skip_spaces(std::string_view text) {
  while (!text.empty()) {
    const DecodedCodePoint decoded = decode_utf8(text, 0);
    if (!decoded.valid || !is_space(decoded.code_point)) break;
    text.remove_prefix(decoded.length);
  }
  return text;
}

// Removes any number of the given signs, and spaces between them, from the front.
std::string_view skip_signs(std::string_view text, Signs signs) {
  text = skip_spaces(text);
  for (std::size_t length = 0; starts_with_any(text, signs, length);) {
    text = skip_spaces(text.substr(length));
  }
  return text;
}

constexpr auto kWarningSigns = std::to_array<std::string_view>(
    {"⚠️", "⚠", "❗", "❕", "ℹ️", "ℹ", "※", "💡", "📝", "🚨", "🔥", "▲", "△", "*", "_"});
constexpr auto kOpening = std::to_array<std::string_view>({"[!", "[", "【", "<", "〈", "《", "("});
constexpr auto kClosing = std::to_array<std::string_view>({"]", "】", ">", "〉", "》", ")"});
constexpr auto kSpace = std::to_array<std::string_view>({" "});
constexpr auto kColons = std::to_array<std::string_view>({":", "：", "!", "！"});
constexpr auto kDashes = std::to_array<std::string_view>({"-", "–", "—"});
constexpr auto kCaptionOpening = std::to_array<std::string_view>({"<", "[", "〈", "*", "_"});
constexpr auto kCaptionEnds = std::to_array<std::string_view>({":", "：", ".", ">", "]", "〉"});
constexpr auto kCaptionSeparators =
    std::to_array<std::string_view>({":", "：", ".", ">", "]", "〉", "*", "_", "-", "–"});
constexpr auto kSeparators =
    std::to_array<std::string_view>({":", "：", "!", "！", "-", "–", "—", "*", "_"});

// Longest first, so that "주의 사항" is not read as "주의".
const std::vector<std::string_view>& words_by_length() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> sorted;
    for (const WarningWord& known : kWarningWords) sorted.push_back(known.word);
    std::ranges::stable_sort(sorted, std::greater<>(), &std::string_view::size);
    return sorted;
  }();
  return words;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_folded(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::ranges::equal(text.substr(0, word.size()), word,
                            [](char a, char b) { return lower(a) == b; });
}

std::string capitalised(std::string_view word) {
  std::string out;
  for (const char c : word) out.push_back(lower(c));
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

constexpr std::u32string_view kHangulOrder = U"가나다라마바사아자차카타파하";

int circled_number(char32_t c) {
  if (c >= 0x2460 && c <= 0x2473) return static_cast<int>(c - 0x2460) + 1;  // ① to ⑳
  if (c >= 0x2776 && c <= 0x277F) return static_cast<int>(c - 0x2776) + 1;  // ❶ to ❿
  if (c >= 0x2474 && c <= 0x2487) return static_cast<int>(c - 0x2474) + 1;  // ⑴ to ⒇
  if (c >= 0x2488 && c <= 0x249B) return static_cast<int>(c - 0x2488) + 1;  // ⒈ to ⒛
  if (c >= 0x2780 && c <= 0x2789) return static_cast<int>(c - 0x2780) + 1;  // ➀ to ➉
  if (c >= 0x278A && c <= 0x2793) return static_cast<int>(c - 0x278A) + 1;  // ➊ to ➓
  return 0;
}

bool is_bullet(char32_t c) {
  return std::u32string_view(U"-*+•·‧∙●○◦▪▫■□◆◇▶▷►‣⁃※–—ㆍ・").find(c) != std::u32string_view::npos;
}

}  // namespace

std::optional<std::string> warning_word(std::string_view text) {
  std::string_view word = skip_signs(text, kWarningSigns);
  std::size_t length = 0;
  const bool alert = word.starts_with("[!");
  if (starts_with_any(word, kOpening, length)) word = skip_spaces(word.substr(length));
  for (bool again = true; again;) {
    again = false;
    for (const Signs ends : {Signs(kClosing), Signs(kSeparators), Signs(kSpace)}) {
      for (const std::string_view end : ends) {
        if (!word.empty() && word.ends_with(end)) {
          word.remove_suffix(end.size());
          again = true;
        }
      }
    }
  }
  if (find_warning_word(word) == nullptr) return std::nullopt;
  return alert ? capitalised(word) : std::string(word);
}

std::optional<MarkedText> split_warning(std::string_view text, bool bare_word) {
  const std::string_view start = skip_signs(text, kWarningSigns);
  const bool signed_off = start.size() < skip_spaces(text).size();
  std::size_t length = 0;
  std::string_view body = start;
  const bool alert = body.starts_with("[!");
  const bool bracket = starts_with_any(body, kOpening, length);
  if (bracket) body = skip_spaces(body.substr(length));
  for (const std::string_view word : words_by_length()) {
    if (!starts_with_folded(body, word)) continue;
    const std::string_view printed = body.substr(0, word.size());
    std::string_view after = body.substr(word.size());
    if (!after.empty()) {
      const DecodedCodePoint next = decode_utf8(after, 0);
      if (is_letter_or_digit(next.code_point)) continue;
    }
    bool set_off = false;
    const std::string_view spaced = skip_spaces(after);
    if (bracket) {
      if (!starts_with_any(spaced, kClosing, length)) continue;
      after = spaced.substr(length);
      set_off = true;
    } else if (starts_with_any(spaced, kColons, length)) {
      set_off = true;
    } else if (starts_with_any(spaced, kDashes, length) &&
               skip_spaces(spaced.substr(length)).size() < spaced.size() - length) {
      set_off = true;
    }
    if (!set_off && !bare_word && !signed_off) continue;
    if (!bare_word && !find_warning_word(printed)->in_text && !bracket) continue;
    after = skip_signs(after, kSeparators);
    return MarkedText{alert ? capitalised(printed) : std::string(printed), after};
  }
  return std::nullopt;
}

std::string_view warning_word_of_kind(std::string_view kind, Language language) {
  struct Row {
    std::string_view kind, english, korean;
  };
  static constexpr std::array kRows = {
      Row{"warning", "Warning", "경고"},
      Row{"alert", "Warning", "경고"},
      Row{"danger", "Danger", "위험"},
      Row{"caution", "Caution", "주의"},
      Row{"attention", "Caution", "주의"},
      Row{"note", "Note", "참고"},
      Row{"notice", "Notice", "알림"},
      Row{"important", "Important", "중요"},
      Row{"tip", "Tip", "팁"},
      Row{"hint", "Tip", "팁"},
  };
  for (const Row& row : kRows) {
    if (row.kind == kind) return language == Language::kKorean ? row.korean : row.english;
  }
  return {};
}

std::optional<MarkedText> split_caption(std::string_view text) {
  static constexpr std::array<std::string_view, 8> kWords = {"표",     "그림", "사진",  "도표",
                                                             "figure", "fig.", "table", "fig"};
  const std::string_view start = skip_signs(text, kCaptionOpening);
  for (const std::string_view word : kWords) {
    if (!starts_with_folded(start, word)) continue;
    std::string_view after = start.substr(word.size());
    const std::string_view before_number = skip_spaces(after);
    std::string_view number = before_number;
    std::size_t digits = 0;
    while (digits < number.size() &&
           (is_ascii_digit(number[digits]) ||
            (digits > 0 && (number[digits] == '-' || number[digits] == '.')))) {
      ++digits;
    }
    bool dotted = false;
    while (digits > 0 && !is_ascii_digit(number[digits - 1])) --digits, dotted = true;
    const std::string marker(
        start.substr(0, digits > 0 ? static_cast<std::size_t>(number.data() - start.data()) + digits
                                   : word.size()));
    after = digits > 0 ? number.substr(digits) : before_number;
    std::size_t length = 0;
    const bool separated = starts_with_any(after, kCaptionEnds, length);
    if (!separated && !(digits > 0 && after.starts_with(" ")) && !dotted) continue;
    const std::string_view rest = skip_signs(after, kCaptionSeparators);
    if (rest.empty() || rest.size() > 400) continue;
    // "Table 2 shows ..." and "표 1을 ..." are sentences.
    if (!separated && (rest.ends_with(".") || rest.ends_with("다"))) continue;
    return MarkedText{marker, rest};
  }
  return std::nullopt;
}

bool names_figure(std::string_view marker) {
  return !starts_with_folded(marker, "표") && !starts_with_folded(marker, "table");
}

std::optional<Enumerator> split_enumerator(std::string_view line) {
  line = skip_spaces(line);
  if (line.empty()) return std::nullopt;
  const DecodedCodePoint first = decode_utf8(line, 0);
  if (circled_number(first.code_point) > 0) {
    const std::string_view rest = skip_spaces(line.substr(first.length));
    if (rest.empty()) return std::nullopt;
    return Enumerator{EnumeratorKind::kNumber, std::string(line.substr(0, first.length)), rest};
  }
  const auto spaced = [&](std::size_t at) {
    return at < line.size() && (line[at] == ' ' || line[at] == '\t');
  };
  if (is_bullet(first.code_point) &&
      (spaced(first.length) ||
       (first.code_point > 0x2000 && first.code_point != 0x2013 && first.code_point != 0x2014))) {
    const std::string_view rest = skip_spaces(line.substr(first.length));
    if (rest.empty()) return std::nullopt;
    return Enumerator{EnumeratorKind::kBullet, "•", rest};
  }
  std::size_t at = line[0] == '(' ? 1 : 0;
  const bool parenthesised = at == 1;
  if (starts_with_folded(line, "step ")) at = 5;
  if (line.starts_with("단계 ")) at = std::string_view("단계 ").size();
  const bool named = at > 1;
  const std::size_t digits_begin = at;
  while (at < line.size() && is_ascii_digit(line[at]) && at < digits_begin + 3) ++at;
  if (at == digits_begin && !named && at < line.size()) {
    const DecodedCodePoint letter = decode_utf8(line, at);
    if (kHangulOrder.find(letter.code_point) == std::u32string_view::npos) return std::nullopt;
    at += letter.length;
  } else if (at == digits_begin) {
    return std::nullopt;
  }
  if (parenthesised) {
    if (at >= line.size() || line[at] != ')') return std::nullopt;
    ++at;
  } else if (at < line.size() &&
             (line[at] == '.' || line[at] == ')' || (named && line[at] == ':'))) {
    ++at;
  } else if (!named) {
    return std::nullopt;
  }
  if (!spaced(at)) return std::nullopt;
  const std::string_view rest = skip_spaces(line.substr(at));
  if (rest.empty()) return std::nullopt;
  return Enumerator{EnumeratorKind::kNumber, std::string(line.substr(0, at)), rest};
}

bool has_hangul(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, i);
    if (is_hangul(decoded.code_point)) return true;
    i += decoded.length;
  }
  return false;
}

int number_of_marker(std::string_view marker) {
  for (std::size_t i = 0; i < marker.size();) {
    if (is_ascii_digit(marker[i])) {
      int number = 0;
      const auto parsed = std::from_chars(marker.data() + i, marker.data() + marker.size(), number);
      return parsed.ec == std::errc() ? number : 0;
    }
    const DecodedCodePoint decoded = decode_utf8(marker, i);
    if (const int circled = circled_number(decoded.code_point)) return circled;
    const std::size_t order = kHangulOrder.find(decoded.code_point);
    if (order != std::u32string_view::npos) return static_cast<int>(order) + 1;
    i += decoded.length;
  }
  return 0;
}

bool step_follows(std::string_view marker, std::string_view next) {
  const int number = number_of_marker(marker);
  return number > 0 && number < 1000000 && number_of_marker(next) == number + 1;
}

}  // namespace saseo
