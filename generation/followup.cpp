#include "generation/followup.h"

#include <algorithm>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/utf8.h"
#include "generation/word_data.h"
#include "retrieval/question.h"

namespace saseo {
namespace {

using Words = std::vector<std::string>;
using WordSet = std::unordered_set<std::string_view>;

const WordSet& connectives() {
  static const WordSet words = followup_word_lists().word_set("connectives");
  return words;
}

// Stand for the subject of the question before.
const WordSet& pronouns() {
  static const WordSet words = followup_word_lists().word_set("pronouns");
  return words;
}

// May also stand for the device in hand: a pronoun only when the question names nothing else.
const WordSet& near_pronouns() {
  static const WordSet words = followup_word_lists().word_set("near pronouns");
  return words;
}

// "what about": at the beginning of a question.
const std::vector<std::string_view>& english_openings() {
  static const std::vector<std::string_view> list = followup_word_lists().words("english openings");
  return list;
}

std::string strip_punctuation(std::string_view word) {
  while (!word.empty()) {
    bool cut = false;
    for (const std::string_view mark : {"?", ".", ",", "!", "~", "…", "？", ":"}) {
      if (word.ends_with(mark)) word.remove_suffix(mark.size()), cut = true;
    }
    if (!cut) break;
  }
  return std::string(word);
}

Words words_of(std::string_view text) {
  Words words;
  const std::string collapsed = collapse_spaces(text);
  std::string_view rest = collapsed;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    words.emplace_back(rest.substr(0, space));
    if (space == std::string_view::npos) break;
    rest.remove_prefix(space + 1);
  }
  return words;
}

std::string join(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text.push_back(' ');
    text += word;
  }
  return text;
}

std::string folded(std::string_view word) { return fold_for_matching(strip_punctuation(word)); }

// Takes leading connectives off; true when there was one.
bool take_connectives(Words& words) {
  bool taken = false;
  for (const std::string_view opening : english_openings()) {
    if (words.size() > 2 && folded(words[0]) + " " + folded(words[1]) == opening) {
      words.erase(words.begin(), words.begin() + 2);
      taken = true;
    }
  }
  while (words.size() > 1 && connectives().contains(folded(words.front()))) {
    words.erase(words.begin());
    taken = true;
    for (const std::string_view opening : english_openings()) {
      if (words.size() > 2 && folded(words[0]) + " " + folded(words[1]) == opening) {
        words.erase(words.begin(), words.begin() + 2);
      }
    }
  }
  return taken;
}

// The noun of "초광각은요?", "필터는", "걸레는?"; empty when the word is no noun with a topic
// particle.
std::string topic_noun(std::string_view word, Analyzer& analyzer) {
  std::string text = strip_punctuation(word);
  if (text.ends_with("요")) text.resize(text.size() - std::string_view("요").size());
  for (const std::string_view particle : {"은", "는"}) {
    if (!text.ends_with(particle) || text.size() <= particle.size()) continue;
    std::string noun = text.substr(0, text.size() - particle.size());
    // "있는", "하는" have verbs for stems.
    const Terms terms = analyzer.analyze(text);
    bool verb = false;
    for (const std::string& stem : terms.stems)
      verb = verb || (stem != text && stem.ends_with("다"));
    const bool noun_found =
        std::ranges::find(terms.stems, fold_for_matching(noun)) != terms.stems.end();
    if (!verb || noun_found) return noun;
  }
  return {};
}

// "꽂으면?", "하면요?": the last word of a condition.
bool ends_condition(std::string_view word) {
  std::string text = strip_punctuation(word);
  if (text.ends_with("요")) text.resize(text.size() - std::string_view("요").size());
  return text.ends_with("면") && text.size() > std::string_view("면").size() &&
         !text.ends_with("화면") && !text.ends_with("측면") && !text.ends_with("앞면") &&
         !text.ends_with("뒷면") && !text.ends_with("전면") && !text.ends_with("표면") &&
         !text.ends_with("바닥면") && !text.ends_with("그러면");
}

struct Subjects {
  Words all, nouns;
};

// Words that carry a subject, as written, in order.
Subjects subjects_of(std::string_view text, Analyzer& analyzer) {
  Subjects subjects;
  const TermWeights flat;
  for (const Subject& subject : parse_question(text, analyzer, flat).subjects) {
    subjects.all.push_back(subject.word);
    if (!subject.verb && !subject.quantity) subjects.nouns.push_back(subject.word);
  }
  return subjects;
}

bool is_code(std::string_view word) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return std::ranges::any_of(word, digit) && std::ranges::any_of(word, letter) && word.size() >= 3;
}

// The run of ASCII letters, digits and hyphens that begins a word, when it is a code.
std::string_view leading_code(std::string_view word) {
  std::size_t end = 0;
  while (end < word.size() &&
         (std::isalnum(static_cast<unsigned char>(word[end])) || word[end] == '-'))
    ++end;
  const std::string_view code = word.substr(0, end);
  return is_code(code) && code.find('-') != std::string_view::npos ? code : std::string_view{};
}

class Rewriter {
 public:
  Rewriter(Words now, std::string_view before, Analyzer& analyzer)
      : now_(std::move(now)), before_(words_of(before)), analyzer_(analyzer) {}

  std::string rewrite(bool elliptic) {
    if (elliptic) {
      for (const auto step : {&Rewriter::replace_code, &Rewriter::replace_quantity,
                              &Rewriter::replace_opposite, &Rewriter::replace_condition,
                              &Rewriter::replace_topic, &Rewriter::replace_english_object}) {
        if (const std::optional<std::string> rewritten = (this->*step)()) return *rewritten;
      }
    }
    return put_in_front();
  }

 private:
  std::optional<std::string> replace_code() {
    if (now_.size() > 2) return std::nullopt;
    const std::string_view code = leading_code(now_.front());
    if (code.empty()) return std::nullopt;
    for (std::string& word : before_) {
      const std::string_view old = leading_code(word);
      if (old.empty()) continue;
      word = std::string(code) + word.substr(old.size());
      return join(before_);
    }
    return std::nullopt;
  }

  std::optional<std::string> replace_quantity() {
    const std::string now = join(now_), before = join(before_);
    if (now_.size() > 3) return std::nullopt;
    const std::vector<Quantity> news = find_quantities(now), olds = find_quantities(before);
    if (news.size() != 1 || news[0].unit == Unit::kNone) return std::nullopt;
    for (const Quantity& old : olds) {
      if (old.unit != news[0].unit) continue;
      return before.substr(0, old.span.begin) +
             now.substr(news[0].span.begin, news[0].span.size()) + before.substr(old.span.end);
    }
    return std::nullopt;
  }

  std::optional<std::string> replace_opposite() {
    if (now_.size() > 3) return std::nullopt;
    for (const std::string& word : now_) {
      const std::string text = folded(word);
      for (const auto& [words, b] : followup_word_lists().list("opposites")) {
        const std::string_view a = words.front();
        for (const auto& [said, other] : {std::pair(a, b), std::pair(b, a)}) {
          if (!text.starts_with(said)) continue;
          for (std::string& old : before_) {
            const std::string old_text = folded(old);
            const bool latin =
                other.front() > 0 && static_cast<unsigned char>(other.front()) < 0x80;
            if (latin ? old_text != other : !old_text.starts_with(other)) continue;
            old = std::string(said) + old.substr(std::min(other.size(), old.size()));
            return join(before_);
          }
        }
      }
    }
    return std::nullopt;
  }

  // "그럼 공장 초기화까지 하면요?" for "와이파이 설정만 지우면 지도도 날아가요?"
  std::optional<std::string> replace_condition() {
    if (!ends_condition(now_.back())) return std::nullopt;
    for (std::size_t i = 0; i + 1 < before_.size(); ++i) {
      if (!ends_condition(before_[i])) continue;
      Words words = now_;
      words.back() = condition_form(words.back());
      words.insert(words.end(), before_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                   before_.end());
      return join(words);
    }
    return std::nullopt;
  }

  static std::string condition_form(std::string_view word) {
    std::string text = strip_punctuation(word);
    if (text.ends_with("요")) text.resize(text.size() - std::string_view("요").size());
    return text;
  }

  // "그럼 초광각은요?" for "망원 렌즈는 몇 센티까지 찍혀요?"
  std::optional<std::string> replace_topic() {
    if (now_.size() > 3) return std::nullopt;
    const std::string noun = topic_noun(now_.back(), analyzer_);
    if (noun.empty() || is_asking_word(noun) || noun == "방법") return std::nullopt;
    for (std::size_t i = 0; i + 1 < before_.size(); ++i) {
      const bool topic = !topic_noun(before_[i], analyzer_).empty() || subject_particle(before_[i]);
      if (!topic) continue;
      Words words(now_.begin(), now_.end() - 1);
      words.push_back(condition_form(now_.back()));
      words.insert(words.end(), before_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                   before_.end());
      return join(words);
    }
    return std::nullopt;
  }

  // "무게가", "필터를"
  bool subject_particle(std::string_view word) {
    for (const std::string_view particle : {"이", "가", "을", "를"}) {
      if (!word.ends_with(particle) || word.size() < particle.size() * 3) continue;
      const std::string noun = fold_for_matching(word.substr(0, word.size() - particle.size()));
      const Terms terms = analyzer_.analyze(word);
      if (std::ranges::find(terms.stems, noun) != terms.stems.end() && !is_asking_word(noun))
        return true;
    }
    return false;
  }

  // "What about the brush?" for "How do I clean the filter?": the last "the X".
  std::optional<std::string> replace_english_object() {
    if (now_.size() > 4 || language_of_question(join(now_)) != Language::kEnglish)
      return std::nullopt;
    for (std::size_t i = before_.size(); i-- > 0;) {
      const std::string word = folded(before_[i]);
      if (word != "the" && word != "my" && word != "a" && word != "an") continue;
      if (i + 1 >= before_.size()) return std::nullopt;
      Words words(before_.begin(), before_.begin() + static_cast<std::ptrdiff_t>(i));
      const bool article = folded(now_.front()) == "the" || folded(now_.front()) == "my" ||
                           folded(now_.front()) == "a";
      if (!article) words.push_back(before_[i]);
      for (const std::string& now : now_) words.push_back(strip_punctuation(now));
      words.insert(words.end(), before_.begin() + static_cast<std::ptrdiff_t>(i) + 2,
                   before_.end());
      return join(words) +
             (before_.back().ends_with("?") && !words.back().ends_with("?") ? "?" : "");
    }
    return std::nullopt;
  }

  // The earlier subjects, then what is asked now.
  std::string put_in_front() {
    Words now;
    for (const std::string& word : now_) {
      const std::string text = folded(word);
      if (!pronouns().contains(text) && !near_pronouns().contains(text)) now.push_back(word);
    }
    const std::string rest = join(now);
    if (subjects_of(rest, analyzer_).all.empty()) {  // "그건 왜?", "다른 방법은?"
      std::string whole = strip_punctuation(join(before_));
      return rest.empty() ? join(before_) : whole + " " + rest;
    }
    const Words new_subjects = subjects_of(rest, analyzer_).all;
    std::string front;
    const Subjects earlier = subjects_of(join(before_), analyzer_);
    for (const std::string& word : earlier.nouns.empty() ? earlier.all : earlier.nouns) {
      if (std::ranges::find(new_subjects, word) != new_subjects.end()) continue;
      front += word + " ";
    }
    return front + rest;
  }

  Words now_, before_;
  Analyzer& analyzer_;
};

}  // namespace

Followup put_subject_back(std::string_view question, std::string_view before, Analyzer& analyzer) {
  Followup result{false, std::string(question)};
  if (trim(before).empty()) return result;
  Words words = words_of(question);
  if (words.empty()) return result;
  const bool connective = take_connectives(words);
  const std::string text = join(words);
  const Subjects subjects = subjects_of(text, analyzer);

  bool pronoun = false, near_pronoun = false;
  for (const std::string& word : words) {
    pronoun = pronoun || pronouns().contains(folded(word));
    near_pronoun = near_pronoun || near_pronouns().contains(folded(word));
  }
  const bool short_question = words.size() <= 4;
  const bool bare_topic = words.size() <= 3 && (!topic_noun(words.back(), analyzer).empty() ||
                                                ends_condition(words.back()));
  // "얼만데?", "몇 대까지 되는데?": asks on.
  const std::string last = strip_punctuation(words.back());
  const bool asks_on =
      last.ends_with("데") && subjects.nouns.size() <= 2 && words.size() <= 7 && !near_pronoun;
  const bool bare_quantity = words.size() <= 2 && subjects.nouns.empty() &&
                             std::ranges::any_of(find_quantities(text), [](const Quantity& q) {
                               return q.unit != Unit::kNone;
                             });
  const bool nothing_named = subjects.all.empty() || (near_pronoun && subjects.nouns.empty());
  const bool elliptic =
      bare_topic || bare_quantity || (connective && short_question) || nothing_named;

  if (!(bare_topic || bare_quantity || asks_on || nothing_named || (pronoun && words.size() <= 8) ||
        (connective && subjects.nouns.size() <= 2))) {
    return result;
  }
  result.follows = true;
  result.question = Rewriter(words, before, analyzer).rewrite(elliptic && !pronoun);
  return result;
}

}  // namespace saseo
