#include "retrieval/question_words.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "index/analyzer.h"
#include "retrieval/english_words.h"
#include "retrieval/word_data.h"

namespace saseo {
namespace {

using Words = std::vector<std::string_view>;

bool contains_any(std::string_view text, const Words& words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// What stands after a Latin word, or a number and its unit.
const std::unordered_set<std::string_view>& endings() {
  static const auto set = question_word_lists().word_set("endings");
  return set;
}

bool ends_with_any(std::string_view word, const Words& particles) {
  constexpr std::size_t kSyllable = 3;  // Bytes: a noun stays.
  return std::ranges::any_of(particles, [&](std::string_view particle) {
    return word.size() > particle.size() + kSyllable && word.ends_with(particle);
  });
}

}  // namespace

bool is_ending(std::string_view text) { return endings().contains(text); }

bool ends_with_topic_particle(std::string_view word) {
  static const Words particles = question_word_lists().words("topic particles");
  return ends_with_any(word, particles);
}

std::string_view without_ending(std::string_view word) {
  for (std::size_t cut = 3; cut < word.size(); cut += 3) {
    const std::string_view ending = word.substr(cut);
    if (endings().contains(ending)) return word.substr(0, cut);
  }
  return word;
}

bool ends_like_verb(std::string_view word) {
  static const Words verb_endings = question_word_lists().words("verb endings");
  return std::ranges::any_of(verb_endings, [&](std::string_view ending) {
    return word.size() > ending.size() + 3 && word.ends_with(ending);
  });
}

std::string_view measured_by(Unit unit) {
  switch (unit) {
    case Unit::kDegree:
      return "온도";
    case Unit::kMass:
      return "무게";
    case Unit::kVolume:
      return "용량";
    case Unit::kWatt:
      return "출력";
    case Unit::kVolt:
      return "전압";
    case Unit::kSound:
      return "소음";
    case Unit::kBrightness:
      return "밝기";
    case Unit::kPixels:
      return "화소";
    case Unit::kArea:
      return "면적";
    case Unit::kTime:
      return "시간";
    default:
      return {};
  }
}

std::string as_manuals_write(const Quantity& quantity, std::string_view said) {
  std::string text;
  for (const char c : said) {
    if ((c >= '0' && c <= '9') || c == '.' || c == ',') text.push_back(c);
  }
  switch (quantity.unit) {
    case Unit::kPercent:
      return text + " %";
    case Unit::kDegree:
      return text + " °c 온도";
    case Unit::kWatt:
      return text + " w 출력";
    default:
      return text;
  }
}

QuestionKinds kinds_of(std::string_view text, const AskedQuantity& asked) {
  static const Words how_to = question_word_lists().words("how to");
  static const Words trouble = question_word_lists().words("trouble");
  static const Words yes_or_no = question_word_lists().words("yes or no");
  static const Words what = question_word_lists().words("what");
  static const Words starts = question_word_lists().words("english yes or no starts");
  QuestionKinds kinds;
  kinds.quantity = asked.asked;
  kinds.how_to = contains_any(text, how_to);
  kinds.trouble = contains_any(text, trouble);
  kinds.yes_no =
      (contains_any(text, yes_or_no) && !contains_any(text, what)) ||
      std::ranges::any_of(starts, [&](std::string_view start) { return text.starts_with(start); });
  return kinds;
}

bool is_spoken(std::string_view folded) {
  if (folded.find('?') != std::string_view::npos) return true;
  static const Words spoken_starts = question_word_lists().words("spoken starts");
  static const Words spoken_ends = question_word_lists().words("spoken ends");
  const auto starts = [&](std::string_view word) { return folded.starts_with(word); };
  while (!folded.empty() && (folded.back() == '.' || folded.back() == '!' || folded.back() == ' '))
    folded.remove_suffix(1);
  const auto ends = [&](std::string_view ending) { return folded.ends_with(ending); };
  return std::ranges::any_of(spoken_starts, starts) || std::ranges::any_of(spoken_ends, ends) ||
         speaks_of_self(folded);
}

bool is_goal(std::u32string_view word, std::u32string_view rest) {
  const auto follows = [&](std::u32string_view start) { return rest.starts_with(start); };
  return word.ends_with(U"려면") || word.ends_with(U"려고") || follows(U"수 있") ||
         follows(U"방법") || follows(U"법") || follows(U"싶");
}

bool is_asking_word(std::string_view word) {
  static const auto asking_words = question_word_lists().word_set("asking words");
  return asking_words.contains(word) || is_korean_stop_word(word) || is_english_asking_word(word) ||
         is_english_stop_word(word);
}

}  // namespace saseo
