#include "ingest/layout_joins.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/utf8.h"

namespace saseo::layout {
namespace {

constexpr std::size_t kLongestPart = 8;  // Code points of a word's part that is counted.
constexpr float kSmoothing = 0.3f;
constexpr float kBoundForm = 2.0f;  // What a particle at a line's start weighs.
// A word that was never seen says nothing; a cut word's part was mostly seen. Tuned, like the
// weights, on a manual whose source text is known.
constexpr float kBias = 1.2f;
constexpr float kPairWeight = 0.6f, kSyllableWeight = 0.5f;
constexpr float kSure = 1.5f;              // Log-odds beyond which a decision counts as evidence.
constexpr float kRoomForSyllable = 1.25f;  // In font sizes.

// Particles and endings that stand at a line's start only when a word was cut. Forms that are
// words too ("이", "그", "수") are left to the counts.
constexpr std::array<std::string_view, 45> kBoundForms = {
    "을",     "를",     "은",     "는",   "가",     "에",     "의",       "와",       "과",
    "로",     "으로",   "에서",   "에게", "까지",   "부터",   "처럼",     "보다",     "에는",
    "에서는", "에서도", "으로는", "로는", "라고",   "이라고", "이나",     "이며",     "이고",
    "다",     "니다",   "습니다", "시오", "십시오", "으세요", "었습니다", "았습니다", "지만",
    "으면",   "면서",   "도록",   "려면", "들을",   "들이",   "들은",     "요",       "네요"};

// Syllables that end words in any Korean text, for documents too short to learn from.
constexpr std::u32string_view kCommonEnds = U"을를은는이가의에와과며고면한할된될게서로도다지해든나";
constexpr float kSeenEnds = 6, kSeenInside = 2;

bool is_opening(char32_t c) {
  return std::u32string_view(U"([{<“‘「『【《〈").find(c) != std::u32string_view::npos;
}
bool is_closing(char32_t c) {
  return std::u32string_view(U")]}>”’」』】》〉.,!?;:…").find(c) != std::u32string_view::npos;
}
bool is_connecting(char32_t c) {
  return std::u32string_view(U"·/~‧・").find(c) != std::u32string_view::npos;
}
bool is_latin_lower(char32_t c) { return c >= U'a' && c <= U'z'; }

std::string_view last_word(std::string_view text) {
  const std::size_t space = text.rfind(' ');
  return space == std::string_view::npos ? text : text.substr(space + 1);
}
std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

// Without punctuation at either end.
std::u32string core_of(std::string_view word) {
  std::u32string text = to_utf32(word);
  while (!text.empty() && !is_letter_or_digit(text.back())) text.pop_back();
  std::size_t at = 0;
  while (at < text.size() && !is_letter_or_digit(text[at])) ++at;
  return text.substr(at);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::string two_words(std::u32string_view first, std::u32string_view second) {
  std::string out = to_utf8(first);
  out.push_back(' ');
  out.append(to_utf8(second));
  return out;
}

float log_odds(float space, float none) {
  return std::log((space + kSmoothing) / (none + kSmoothing));
}

}  // namespace

LineJoiner::LineJoiner(const std::vector<PageLines>& pages) {
  for (const char32_t c : kCommonEnds) {
    ends_[std::u32string{c}] = kSeenEnds;
    goes_on_[std::u32string{c}] = kSeenInside;
  }
  for (const PageLines& page : pages)
    for (const Line& line : page.lines)
      for (const Run& run : line.runs) learn(run);

  // The habit of the document, from the joins whose words leave no doubt.
  float spaces = 0, cuts = 0;
  for (const PageLines& page : pages) {
    for (std::size_t i = 1; i < page.lines.size(); ++i) {
      const Line &upper = page.lines[i - 1], &lower = page.lines[i];
      const bool neighbours = upper.region == lower.region && upper.runs.size() == 1 &&
                              lower.runs.size() == 1 && lower.y() - upper.bottom() < upper.size() &&
                              std::fabs(upper.size() - lower.size()) < 0.6f &&
                              upper.right_margin - upper.right() < 4 * upper.size();
      if (!neighbours) continue;
      const std::string a = upper.text(), b = lower.text();
      const char32_t end = to_utf32(last_word(a)).back(), start = to_utf32(first_word(b)).front();
      if (!is_hangul(end) || !is_hangul(start)) continue;
      const float score = hangul_score(a, b);
      if (score > kSure) ++spaces;
      if (score < -kSure) ++cuts;
    }
  }
  keeps_words_ = spaces >= 12 && cuts <= 0.06f * spaces;
  habit_ = keeps_words_ ? 3.0f : std::clamp(std::log((spaces + 3) / (cuts + 3)), -1.0f, 1.5f);
}

void LineJoiner::learn(const Run& run) {
  const std::vector<std::string_view> words = words_of(run.text);
  std::u32string before;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::u32string core = core_of(words[i]);
    for (std::size_t c = 1; c < core.size(); ++c)
      if (is_hangul(core[c]) || is_hangul(core[c - 1]))
        ++inside_[to_utf8(std::u32string_view(core).substr(c - 1, 2))];
    if (!before.empty() && !core.empty()) {
      ++across_[to_utf8(std::u32string{before.back(), core.front()})];
      if (i > 1 && i + 1 < words.size()) ++pairs_[two_words(before, core)];
    }
    before = core;
    for (std::size_t length = 1; length <= 2; ++length) {
      for (std::size_t c = 0; c + length <= core.size(); ++c) {
        const std::u32string part = core.substr(c, length);
        if (i > 0) ++(c == 0 ? begins_ : follows_)[part];
        if (i + 1 < words.size()) ++(c + length == core.size() ? ends_ : goes_on_)[part];
      }
    }
    // The words at both ends of a line may be parts.
    if (i == 0 || i + 1 == words.size() || core.empty() || core.size() > 20) continue;
    if (core.size() <= 2 * kLongestPart) ++parts_[to_utf8(core)].word;
    for (std::size_t cut = 1; cut < core.size() && cut <= kLongestPart; ++cut) {
      ++parts_[to_utf8(std::u32string_view(core).substr(0, cut))].prefix;
      ++parts_[to_utf8(std::u32string_view(core).substr(core.size() - cut))].suffix;
    }
  }
}

LineJoiner::Counts LineJoiner::counts_of(std::string_view part) const {
  const auto found = parts_.find(std::string(part));
  return found == parts_.end() ? Counts{} : found->second;
}

float LineJoiner::hangul_score(std::string_view upper, std::string_view lower) const {
  const std::u32string left = core_of(last_word(upper)), right = core_of(first_word(lower));
  if (left.empty() || right.empty()) return 0;
  const std::string l = to_utf8(left), r = to_utf8(right);
  const auto lookup = [](const auto& map, const auto& key) {
    const auto found = map.find(key);
    return found == map.end() ? 0.0f : found->second;
  };
  const Counts of_left = counts_of(l), of_right = counts_of(r);
  const float joined = counts_of(l + r).word, pair = lookup(pairs_, two_words(left, right));
  const std::string cut = to_utf8(std::u32string{left.back(), right.front()});

  float score =
      kBias + log_odds(of_left.word, of_left.prefix) + log_odds(of_right.word, of_right.suffix);
  score += kPairWeight * log_odds(lookup(across_, cut), lookup(inside_, cut));
  for (std::size_t length = 1; length <= 2; ++length) {
    if (is_hangul(left.back()) && left.size() > length) {
      const std::u32string end = left.substr(left.size() - length);
      score += kSyllableWeight * log_odds(lookup(ends_, end), lookup(goes_on_, end));
    }
    if (is_hangul(right.front()) && right.size() > length) {
      const std::u32string start = right.substr(0, length);
      score += kSyllableWeight * log_odds(lookup(begins_, start), lookup(follows_, start));
    }
  }
  // Latin words carry particles, but seldom stand at the end of a Korean word.
  if (!is_hangul(right.front())) score += kBoundForm;
  if (joined > 0) score -= 1.5f + std::log1p(joined);
  if (pair > 0) score += 1.5f + std::log1p(pair);
  if (std::ranges::find(kBoundForms, r) != kBoundForms.end()) score -= kBoundForm;
  return score;
}

Join LineJoiner::join(const Run& upper, const Run& lower, float room) const {
  const std::u32string above = to_utf32(last_word(upper.text));
  const std::u32string below = to_utf32(first_word(lower.text));
  if (above.empty() || below.empty()) return Join::kSpace;
  const char32_t end = above.back(), start = below.front();

  if (end == U'-' && above.size() > 1 && is_latin_lower(above[above.size() - 2]) &&
      is_latin_lower(start)) {
    // "power-" "saving" stays hyphenated when it is so elsewhere.
    std::string hyphenated =
        to_utf8(core_of(last_word(upper.text))) + "-" + to_utf8(core_of(first_word(lower.text)));
    return counts_of(hyphenated).word > 0 ? Join::kNone : Join::kDropHyphen;
  }
  if (end == 0xAD) return Join::kDropHyphen;
  const bool hangul = is_hangul(end) || is_hangul(start);
  if (!hangul) {
    const bool address = last_word(upper.text).find("://") != std::string_view::npos &&
                         (end == U'/' || end == U'-' || end == U'.');
    return address || is_opening(end) ? Join::kNone : Join::kSpace;
  }
  if (is_opening(end) || is_connecting(end) || is_connecting(start)) return Join::kNone;
  if (is_closing(start) && !is_opening(start)) return Join::kNone;
  if (end == U'.' || end == U',' || end == U'!' || end == U'?' || end == U';' || end == U':')
    return Join::kSpace;
  if (is_opening(start)) {
    // "단추(왼쪽)": a bracket that touches the word before it, as often as not.
    return keeps_words_ || room > kRoomForSyllable * upper.size ? Join::kSpace : Join::kNone;
  }
  if (room > kRoomForSyllable * upper.size) return Join::kSpace;
  if (!is_letter_or_digit(end)) {
    // After a closing quote or bracket only a particle touches.
    const std::string r = to_utf8(core_of(first_word(lower.text)));
    const Counts counts = counts_of(r);
    return std::ranges::find(kBoundForms, r) != kBoundForms.end() || counts.suffix > counts.word
               ? Join::kNone
               : Join::kSpace;
  }
  return hangul_score(upper.text, lower.text) + habit_ > 0 ? Join::kSpace : Join::kNone;
}

}  // namespace saseo::layout
