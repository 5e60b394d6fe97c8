#include "eval/metrics/list_items.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kMaxDigits = 3;
constexpr char32_t kCircledOne = U'①', kCircledTwenty = U'⑳';

bool is_space_or_tab(char c) { return c == ' ' || c == '\t'; }

struct Mark {
  std::size_t length = 0;  // With the blanks behind it.
  int number = 0;          // 0 of a bullet.
};

std::size_t behind_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space_or_tab(text[at])) ++at;
  return at;
}

// At most kMaxDigits digits; `at` is moved behind them.
std::optional<int> number_at(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  int number = 0;
  while (at < text.size() && at - begin <= kMaxDigits && is_ascii_digit(text[at]))
    number = number * 10 + (text[at++] - '0');
  const std::size_t digits = at - begin;
  if (digits == 0 || digits > kMaxDigits) return std::nullopt;
  return number;
}

// The mark at the beginning of `text`.
std::optional<Mark> mark_of(std::string_view text) {
  for (const std::string_view bullet : {"- ", "* ", "• ", "· "}) {
    if (text.starts_with(bullet)) return Mark{behind_blanks(text, bullet.size()), 0};
  }
  if (text.empty()) return std::nullopt;
  const DecodedCodePoint first = decode_utf8(text, 0);
  if (first.code_point >= kCircledOne && first.code_point <= kCircledTwenty)
    return Mark{behind_blanks(text, first.length),
                static_cast<int>(first.code_point - kCircledOne) + 1};

  const bool named = text.starts_with("Step ") || text.starts_with("step ");
  const bool opened = text.front() == '(';
  std::size_t at = named ? 5 : opened ? 1 : 0;
  const std::optional<int> number = number_at(text, at);
  if (!number) return std::nullopt;
  const std::string_view rest = text.substr(at);
  constexpr std::string_view kStepWord = "단계";
  if (rest.starts_with(kStepWord)) {
    at += kStepWord.size();
    if (!text.substr(at).starts_with(':') && !text.substr(at).starts_with('.')) return std::nullopt;
    ++at;
  } else if (rest.starts_with(')') || (!opened && rest.starts_with('.')) ||
             (named && rest.starts_with(':'))) {
    ++at;
  } else {
    return std::nullopt;
  }
  // "3.5" and "1)번" begin no item.
  if (at < text.size() && !is_space_or_tab(text[at]) && text[at] != '\n') return std::nullopt;
  return Mark{behind_blanks(text, at), *number};
}

// All marks, a lone one too.
std::vector<ListItem> marked(std::string_view text) {
  std::vector<ListItem> items;
  int last = 0;
  bool line_begins = true, word_begins = true;
  for (std::size_t i = 0; i < text.size();) {
    if (word_begins && !is_space_or_tab(text[i]) && text[i] != '\n') {
      const std::optional<Mark> mark = mark_of(text.substr(i));
      if (mark && (line_begins || (mark->number > 0 && mark->number == last + 1))) {
        items.push_back({{i, i + mark->length}, {}});
        last = mark->number;
        i += mark->length;
        line_begins = false;
        continue;
      }
    }
    line_begins = text[i] == '\n' || (line_begins && is_space_or_tab(text[i]));
    word_begins = text[i] == '\n' || is_space_or_tab(text[i]);
    ++i;
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t begin = items[i].mark.end;
    const std::size_t end = i + 1 < items.size() ? items[i + 1].mark.begin : text.size();
    const std::string_view inside = text.substr(begin, end - begin);
    const std::string_view trimmed = trim(inside);
    const std::size_t offset =
        trimmed.empty() ? 0 : static_cast<std::size_t>(trimmed.data() - inside.data());
    items[i].text = {begin + offset, begin + offset + trimmed.size()};
  }
  return items;
}

}  // namespace

std::vector<ListItem> list_items(std::string_view text) {
  std::vector<ListItem> items = marked(text);
  if (items.size() < 2) items.clear();
  return items;
}

std::string without_item_marks(std::string_view text) {
  std::string bare(text);
  for (const ListItem& item : marked(text)) {
    std::fill(bare.begin() + static_cast<std::ptrdiff_t>(item.mark.begin),
              bare.begin() + static_cast<std::ptrdiff_t>(item.mark.end), ' ');
  }
  return bare;
}

}  // namespace saseo::eval
