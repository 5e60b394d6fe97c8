#include "eval/metrics/fact_recall.h"

#include <algorithm>

#include "base/utf8.h"
#include "eval/metrics/text_units.h"
#include "retrieval/quantities.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kShortWord = 3;
constexpr std::size_t kLongestQuantity = 32;  // Code points.

bool is_latin(char32_t c) { return c >= U'a' && c <= U'z'; }  // Folded.

// The comma of "1,800": digits before it, three and no more behind it.
bool parts_thousands(std::u32string_view text, std::size_t at) {
  if (text[at] != U',' || at == 0 || !is_ascii_digit(text[at - 1]) || at + 3 >= text.size())
    return false;
  const bool three = std::ranges::all_of(text.substr(at + 1, 3), is_ascii_digit);
  return three && (at + 4 >= text.size() || !is_ascii_digit(text[at + 4]));
}

// The number with its unit at the beginning of `text`.
std::optional<Quantity> first_quantity(std::u32string_view text) {
  const std::vector<Quantity> found = find_quantities(to_utf8(text.substr(0, kLongestQuantity)));
  if (found.empty() || found.front().span.begin != 0) return std::nullopt;
  return found.front();
}

// Of equal units: "5 m" is not "5 mm". One end is enough: "5 m 이상" tells 5 m.
bool is_told_by(const Quantity& wanted, const std::optional<Quantity>& found) {
  return found && found->unit == wanted.unit &&
         (found->least == wanted.least || found->most == wanted.most);
}

}  // namespace

FactText::FactText(std::string_view text) : folded_(to_utf32(fold_for_matching(text))) {
  for (std::size_t i = 0; i < folded_.size(); ++i) {
    if (is_space(folded_[i]) || parts_thousands(folded_, i)) continue;
    compact_.push_back(folded_[i]);
    origins_.push_back(i);
  }
}

bool FactText::touches(std::size_t left, std::size_t right) const {
  for (std::size_t i = origins_[left] + 1; i < origins_[right]; ++i) {
    if (is_space(folded_[i])) return false;
  }
  return true;
}

std::u32string_view FactText::from(std::size_t at) const {
  return std::u32string_view(folded_).substr(origins_[at]);
}

bool FactText::fits_at(std::size_t begin, const FactText& spelling) const {
  const std::u32string_view wanted = spelling.compact_;
  const std::size_t end = begin + wanted.size();
  // The neighbours, 0 where there is none without a space between.
  const char32_t before = begin > 0 && touches(begin - 1, begin) ? compact_[begin - 1] : U'\0';
  const char32_t after = end < compact_.size() && touches(end - 1, end) ? compact_[end] : U'\0';

  if (is_ascii_digit(wanted.front())) {
    const bool in_fraction = is_decimal_point(before) && begin > 1 &&
                             is_ascii_digit(compact_[begin - 2]) && touches(begin - 2, begin - 1);
    if (is_ascii_digit(before) || in_fraction) return false;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool goes_on =
        i > 0 && (is_ascii_digit(wanted[i - 1]) || is_decimal_point(wanted[i - 1]));
    if (!is_ascii_digit(wanted[i]) || goes_on) continue;
    const std::optional<Quantity> quantity = first_quantity(spelling.from(i));
    if (quantity && quantity->unit != Unit::kNone &&
        !is_told_by(*quantity, first_quantity(from(begin + i))))
      return false;
  }
  if (is_ascii_digit(wanted.back())) {
    const bool goes_on = is_decimal_point(after) && end + 1 < compact_.size() &&
                         is_ascii_digit(compact_[end + 1]) && touches(end, end + 1);
    if (is_ascii_digit(after) || goes_on) return false;
  }
  if (is_latin(wanted.front())) {
    if (is_latin(before)) return false;
    if (wanted.size() <= kShortWord && std::ranges::all_of(wanted, is_latin) && is_latin(after)) {
      const bool more = end + 1 < compact_.size() && is_latin(compact_[end + 1]);
      return after == U's' && !(more && touches(end, end + 1));
    }
  }
  return true;
}

bool FactText::states(std::string_view spelled) const {
  const FactText spelling(spelled);
  const std::u32string_view wanted = spelling.compact_;
  if (std::ranges::none_of(wanted, is_letter_or_digit)) return false;
  for (std::size_t at = compact_.find(wanted); at != std::u32string::npos;
       at = compact_.find(wanted, at + 1)) {
    if (fits_at(at, spelling)) return true;
  }
  return false;
}

std::optional<double> fact_recall(std::string_view answer,
                                  std::span<const std::vector<std::string>> facts) {
  if (facts.empty()) return std::nullopt;
  const FactText text(answer);
  const auto held = std::ranges::count_if(facts, [&](const std::vector<std::string>& spellings) {
    return std::ranges::any_of(spellings,
                               [&](const std::string& spelling) { return text.states(spelling); });
  });
  return static_cast<double>(held) / static_cast<double>(facts.size());
}

}  // namespace saseo::eval
