#include "generation/written_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "retrieval/question.h"
#include "retrieval/question_words.h"

namespace saseo {
namespace {

constexpr std::size_t kLongestName = 40;  // Code points; a longer quotation is a sentence.

bool is_latin(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool is_upper(char32_t c) { return c >= U'A' && c <= U'Z'; }

constexpr std::array<std::pair<char32_t, char32_t>, 11> kQuotes = {{{U'"', U'"'},
                                                                    {U'\'', U'\''},
                                                                    {U'“', U'”'},
                                                                    {U'‘', U'’'},
                                                                    {U'「', U'」'},
                                                                    {U'『', U'』'},
                                                                    {U'〈', U'〉'},
                                                                    {U'《', U'》'},
                                                                    {U'[', U']'},
                                                                    {U'<', U'>'},
                                                                    {U'‹', U'›'}}};

class Finder {
 public:
  explicit Finder(std::string_view sentence) : text_(to_utf32(sentence)) {
    english_ = language_of_question(sentence) == Language::kEnglish;
  }

  std::vector<std::string> find() {
    find_quoted();
    find_path();
    find_latin();
    return std::move(names_);
  }

 private:
  void add(std::u32string_view name) {
    while (!name.empty() && !is_letter_or_digit(name.front())) name.remove_prefix(1);
    while (!name.empty() && !is_letter_or_digit(name.back())) name.remove_suffix(1);
    if (name.empty()) return;
    std::string text = to_utf8(name);
    if (std::ranges::find(names_, text) == names_.end()) names_.push_back(std::move(text));
  }

  void find_quoted() {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const auto quote =
          std::ranges::find(kQuotes, text_[i], &std::pair<char32_t, char32_t>::first);
      if (quote == kQuotes.end()) continue;
      // "don't", 6.5" : no quotation begins after a letter or digit.
      const bool ascii = text_[i] == U'"' || text_[i] == U'\'';
      if (ascii && i > 0 && is_letter_or_digit(text_[i - 1])) continue;
      const std::size_t end = text_.find(quote->second, i + 1);
      if (end == std::u32string::npos || end - i - 1 > kLongestName) continue;
      add(std::u32string_view(text_).substr(i + 1, end - i - 1));
      i = end;
    }
  }

  // The words beside the arrows: how much more belongs to the first and the last part of the path
  // is not marked.
  void find_path() {
    std::vector<std::pair<std::size_t, std::size_t>> arrows;  // Begin, end.
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char32_t c = text_[i], next = i + 1 < text_.size() ? text_[i + 1] : U' ';
      if (c == U'→' || c == U'▶' || c == U'►' || c == U'⇒') {
        arrows.emplace_back(i, i + 1);
      } else if ((c == U'-' || c == U'=') && next == U'>') {
        arrows.emplace_back(i, i + 2);
      } else if (c == U'>' && i > 0 && text_[i - 1] == U' ' && next == U' ') {
        arrows.emplace_back(i, i + 1);
      }
    }
    for (std::size_t a = 0; a < arrows.size(); ++a) {
      add(a == 0 ? last_word(arrows[a].first) : part(arrows[a - 1].second, arrows[a].first));
      if (a + 1 == arrows.size()) add(first_word(arrows[a].second));
    }
  }
  std::u32string_view part(std::size_t begin, std::size_t end) const {
    return std::u32string_view(text_).substr(begin, end - begin);
  }
  std::u32string_view last_word(std::size_t end) const {
    while (end > 0 && is_space(text_[end - 1])) --end;
    std::size_t begin = end;
    while (begin > 0 && !is_space(text_[begin - 1])) --begin;
    return part(begin, end);
  }
  std::u32string_view first_word(std::size_t begin) const {
    while (begin < text_.size() && is_space(text_[begin])) ++begin;
    std::size_t end = begin;
    while (end < text_.size() && !is_space(text_[end])) ++end;
    return part(begin, end);
  }

  // In Korean every Latin word; in English codes and words with a capital that do not begin the
  // sentence or a step.
  void find_latin() {
    bool begins = true;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == U':' || text_[i] == U'.') begins = true;
      if (!is_latin(text_[i]) && !is_ascii_digit(text_[i])) {
        if (is_letter_or_digit(text_[i])) begins = false;
        continue;
      }
      std::size_t end = i;
      while (end < text_.size() && (is_latin(text_[end]) || is_ascii_digit(text_[end]) ||
                                    (is_joint(text_[end]) && end + 1 < text_.size() &&
                                     (is_latin(text_[end + 1]) || is_ascii_digit(text_[end + 1])))))
        ++end;
      const std::u32string_view word = part(i, end);
      if (is_name(word, begins)) add(word);
      begins = false;
      i = end - 1;
    }
  }
  static bool is_joint(char32_t c) { return c == U'-' || c == U'.' || c == U'+' || c == U'/'; }

  bool is_name(std::u32string_view word, bool begins) const {
    const bool letter = std::ranges::any_of(word, is_latin);
    if (!letter) return false;
    const bool digit = std::ranges::any_of(word, is_ascii_digit);
    const auto capitals = static_cast<std::size_t>(std::ranges::count_if(word, is_upper));
    // "25W", "3.5mm": a quantity, compared as one.
    if (digit && is_ascii_digit(word.front())) {
      const std::size_t unit = word.find_first_not_of(U"0123456789.,/-+");
      if (unit != std::u32string_view::npos && word.size() - unit <= 3) return false;
    }
    if (digit) return word.size() > 1;
    if (!english_) return word.size() > 2 || capitals > 0 ? !is_unit(word) : false;
    return capitals > 1 || (capitals == 1 && !begins && word.size() > 1);
  }
  // "25 W": a unit after a number.
  static bool is_unit(std::u32string_view word) {
    constexpr std::array<std::u32string_view, 26> kUnits = {
        U"W",  U"V",  U"A",  U"Hz", U"kHz", U"MHz", U"GHz", U"mAh", U"Wh",
        U"kg", U"g",  U"mm", U"cm", U"m",   U"km",  U"GB",  U"MB",  U"TB",
        U"KB", U"dB", U"mL", U"ml", U"L",   U"C",   U"lx",  U"nit"};
    return std::ranges::find(kUnits, word) != kUnits.end();
  }

  std::u32string text_;
  bool english_ = false;
  std::vector<std::string> names_;
};

}  // namespace

std::vector<std::string> find_written_names(std::string_view sentence) {
  return Finder(sentence).find();
}

bool holds_name(std::string_view squeezed_text, std::string_view name) {
  const std::string squeezed = fold_letters_and_digits(name);
  if (squeezed.empty() || squeezed_text.find(squeezed) != std::string_view::npos) return true;
  const std::string_view bare = without_ending(squeezed);
  return !bare.empty() && squeezed_text.find(bare) != std::string_view::npos;
}

}  // namespace saseo
