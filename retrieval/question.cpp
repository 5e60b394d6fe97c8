#include "retrieval/question.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "retrieval/english_words.h"
#include "retrieval/question_words.h"
#include "retrieval/thesaurus.h"

namespace saseo {
namespace {

constexpr float kVerbShare = 0.5f;
constexpr float kDeviceShare = 0.25f;
constexpr float kQuantityShare = 0.6f;
constexpr float kUnknownVerbShare = 0.5f;  // Mostly a form that the dictionary does not know.
constexpr std::string_view kApostrophe = "'";

bool is_ascii_alnum(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z'); }

bool is_asking(const Subject& subject) {
  return is_asking_word(subject.word) ||
         std::ranges::any_of(subject.stems, [](const auto& stem) { return is_asking_word(stem); });
}

// "이심은" is no form of "이다": the thesaurus knows the noun.
void keep_known_noun(Subject& subject) {
  const std::string_view noun = without_ending(subject.word);
  if (!is_asking(subject) || is_asking_word(noun) || other_words_for(noun).empty()) return;
  subject.stems = {std::string(noun)};
}

// The subject's own idf; that of other words for it when the library never says its own.
void weigh(Subject& subject, const TermWeights& weights) {
  float idf = weights.largest_idf();
  bool known = false;
  for (const std::string& stem : subject.stems) {
    if (is_part(subject, stem) || weights.chunks_with(TermKind::kStem, stem) == 0) continue;
    known = true;
    idf = std::min(idf, weights.idf(TermKind::kStem, stem));
  }
  subject.named = known;
  if (!known && subject.others.empty() && !subject.bigrams.empty()) {
    // Written together or with an ending the dictionary does not know: its syllables tell.
    float sum = 0;
    bool all = true;
    for (const std::string& bigram : subject.bigrams) {
      all = all && weights.chunks_with(TermKind::kBigram, bigram) > 0;
      sum += weights.idf(TermKind::kBigram, bigram);
    }
    if (all) {
      known = true;
      idf = sum / static_cast<float>(subject.bigrams.size());
    }
  }
  for (const SubjectWord& other : subject.others) {
    if (known) break;
    known = true;
    idf = other.idf;
  }
  if (!known && subject.verb) idf *= kUnknownVerbShare;
  subject.known = known;
  subject.idf = idf;
  subject.device = is_device_word(without_ending(subject.word)) ||
                   std::ranges::any_of(
                       subject.stems, [](const std::string& stem) { return is_device_word(stem); });
  subject.weight = idf * (subject.verb && !subject.goal ? kVerbShare : 1.0f) *
                   (subject.device ? kDeviceShare : 1.0f);
}

bool holds(const std::vector<std::string>& terms, const std::string& term) {
  return std::ranges::find(terms, term) != terms.end();
}

// "칭칭", "빙글빙글": how something looks or sounds.
bool is_doubled(std::string_view word) {
  const std::size_t half = word.size() / 2;
  return word.size() % 2 == 0 && half >= 3 && word.substr(0, half) == word.substr(half);
}

// "터치펜으로": 터치펜, of which the dictionary knows 터치 only. "교체하는": 교체.
std::string noun_of(const Subject& subject) {
  for (const std::string& stem : subject.stems) {
    if (holds(subject.stems, stem + "하다") || holds(subject.stems, stem + "되다")) return stem;
  }
  std::string_view noun = without_ending(subject.word);
  for (const std::string& stem : subject.stems) {
    if (stem.size() > noun.size() && subject.word.starts_with(stem)) noun = stem;
  }
  for (const std::string_view ending : {"하", "되"}) {
    if (noun.size() > 2 * ending.size() && noun.ends_with(ending)) noun.remove_suffix(3);
  }
  return std::string(noun);
}

std::vector<std::string> unique(std::vector<std::string> terms) {
  std::vector<std::string> kept;
  for (std::string& term : terms) {
    if (std::ranges::find(kept, term) == kept.end()) kept.push_back(std::move(term));
  }
  return kept;
}

// The parts of a word between white space: letters and digits of Latin with the hyphens inside
// them, and Hangul or other letters.
struct WordPart {
  std::u32string text;
  bool latin = false;
};

std::vector<WordPart> parts_of(std::u32string_view word) {
  std::vector<WordPart> parts;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t c = word[i];
    const bool inner_hyphen = (c == U'-' || c == U'.' || c == U'/') && i > 0 &&
                              i + 1 < word.size() && is_ascii_alnum(word[i - 1]) &&
                              is_ascii_alnum(word[i + 1]);
    if (!is_letter_or_digit(c) && !inner_hyphen) {
      if (!parts.empty() && !parts.back().text.empty()) parts.push_back({});
      continue;
    }
    const bool latin = inner_hyphen || is_ascii_alnum(c);
    if (parts.empty() || (parts.back().latin != latin && !parts.back().text.empty()))
      parts.push_back({});
    parts.back().latin = latin;
    parts.back().text.push_back(c);
  }
  std::erase_if(parts, [](const WordPart& part) { return part.text.empty(); });
  return parts;
}

// "don’t" -> "don't"
std::string with_plain_apostrophes(std::string text) {
  for (const std::string_view curly : {"\u2019", "\u2018"}) {
    for (std::size_t at = text.find(curly); at != std::string::npos; at = text.find(curly, at))
      text.replace(at, curly.size(), kApostrophe);
  }
  return text;
}

// The word without what is no letter: "to," -> "to".
std::string letters_of(std::u32string_view word) {
  std::string letters;
  for (const char32_t c : word) {
    if (is_letter_or_digit(c)) append_utf8(letters, c);
  }
  return letters;
}

class Parser {
 public:
  Parser(ParsedQuestion& question, Analyzer& analyzer, const TermWeights& weights)
      : question_(question), analyzer_(analyzer), weights_(weights) {}

  // "스테이션 말고 청소기": what is left out is no subject.
  void drop_last_word() {
    if (last_added_) question_.subjects.pop_back();
    last_added_ = false;
  }

  void add_measure(std::string_view noun) {
    for (const Subject& subject : question_.subjects) {
      if (std::ranges::find(subject.stems, noun) != subject.stems.end()) return;
    }
    add_part(std::string(noun), false);
  }

  // `goal`: a verb here is what the asker wants to do; it counts in full.
  void add_word(std::u32string_view word, bool goal) {
    goal_ = goal;
    last_added_ = false;
    if (word.size() > 2 && word.ends_with(U"요?")) word.remove_suffix(1);
    const std::vector<WordPart> parts = parts_of(word);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string text = to_utf8(parts[i].text);
      // The polite ending says nothing: "걸레는요".
      // After a Latin word, or left of "25와트로" when its quantity is taken out.
      if (!parts[i].latin && (i == 0 || parts[i - 1].latin) && is_ending(text)) continue;
      add_part(text, parts[i].latin);
    }
  }

  // "battery life": the subject that the phrase begins with, or one of its own, is told of by these
  // words, too.
  void add_phrase(std::string_view phrase, std::string_view words) {
    const auto said = std::ranges::find_if(question_.subjects, [&](const Subject& subject) {
      return !subject.quantity && phrase.find(subject.word) != std::string_view::npos;
    });
    Subject own;
    Subject& subject = said == question_.subjects.end() ? own : *said;
    const std::size_t before = subject.others.size();
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      const std::string_view word = words.substr(begin, end - begin);
      begin = end + 1;
      if (!is_asking_word(word) && phrase.find(word) == std::string_view::npos)
        add_other_word(subject, {.word = word});
    }
    if (&subject != &own) {
      if (subject.others.size() != before) weigh(subject, weights_);
      return;
    }
    if (own.others.empty()) return;
    own.word = std::string(phrase);
    own.verb = true;
    weigh(own, weights_);
    question_.subjects.push_back(std::move(own));
  }

  void add_quantity(const Quantity& quantity, std::string_view text) {
    Subject subject;
    subject.word = std::string(text);
    subject.quantity = quantity;
    subject.weight = weights_.largest_idf() * kQuantityShare;
    question_.subjects.push_back(std::move(subject));
  }

 private:
  void add_part(const std::string& text, bool latin) {
    Subject subject;
    subject.word = text;
    const Terms terms = analyzer_.analyze_question(text);
    subject.stems = unique(terms.stems);
    subject.bigrams = unique(terms.bigrams);
    if (!latin) add_noun(subject);
    if (const std::string_view base = base_of_irregular(text); !base.empty()) {
      subject.stems.push_back(english_stem(base));
    }
    keep_known_noun(subject);
    const auto has_digit = [](const std::string& s) {
      return std::ranges::any_of(s, [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto has_letter = [](const std::string& s) {
      return std::ranges::any_of(s, [](char c) { return c >= 'a' && c <= 'z'; });
    };
    if (latin && has_digit(text) && has_letter(text)) {
      subject.code = true;
      std::erase_if(subject.stems,
                    [&](const std::string& s) { return !has_digit(s) || !has_letter(s); });
    }
    if (subject.stems.empty() && subject.bigrams.empty()) return;
    const std::u32string letters = to_utf32(text);
    const bool emoticon = std::ranges::none_of(
        letters, [](char32_t c) { return !is_hangul(c) || is_hangul_syllable(c); });
    if (emoticon || is_doubled(text)) return;  // "ㅠㅠ", "빙글빙글"
    if (!latin) {
      subject.verb = is_verb(subject);
      subject.topic = !subject.verb && ends_with_topic_particle(text);
      if (!subject.verb) subject.noun = noun_of(subject);
    }
    if (is_asking(subject)) return;
    for (const Subject& other : question_.subjects) {
      if (other.word == subject.word) return;
    }
    if (latin) subject.verb = is_vague(subject);
    add_other_words(subject);
    subject.goal = subject.verb && goal_;
    weigh(subject, weights_);
    question_.subjects.push_back(std::move(subject));
    last_added_ = true;
  }

  static bool is_vague(const Subject& subject) {
    return !subject.stems.empty() &&
           std::ranges::all_of(subject.stems,
                               [](const std::string& stem) { return is_vague_english_word(stem); });
  }

  // A verb or adjective: the dictionary knows it by a lemma on -다 ("끼워도": 끼우다), and the
  // library holds no noun that the word begins with more often ("바다에서": 바다).
  bool is_verb(const Subject& subject) const {
    std::size_t lemma = 0, noun = 0;
    bool has_lemma = false;
    for (const std::string& stem : subject.stems) {
      if (stem == subject.word) continue;
      const std::size_t chunks = weights_.chunks_with(TermKind::kStem, stem);
      if (stem.ends_with("다") && !subject.word.starts_with(stem)) {
        lemma = std::max(lemma, chunks + (other_words_for(stem).empty() ? 0 : 1));
        has_lemma = true;
      } else {
        noun = std::max(noun, chunks + 1);
      }
    }
    const bool of_noun = std::ranges::any_of(subject.stems, [&](const std::string& stem) {
      // 충전하려면: 충전하다, 충전.
      return std::ranges::find(subject.stems, stem + "하다") != subject.stems.end() ||
             std::ranges::find(subject.stems, stem + "되다") != subject.stems.end();
    });
    if (!has_lemma && noun <= 1 && ends_like_verb(subject.word)) return true;
    // "답답해요": a state or a deed that the library never names.
    if (of_noun && noun <= 1 && lemma == 0) return true;
    return has_lemma && !of_noun && noun <= lemma + 1;
  }

  // "앱이랑", "솔에", "유심": the noun that the analyzer, which takes no particle from a noun of
  // one syllable and knows no new words, has not found.
  void add_noun(Subject& subject) {
    const auto says_something = [&](const std::string& word) {
      return !other_words_for(word).empty() || weights_.chunks_with(TermKind::kStem, word) > 0;
    };
    std::string noun(says_something(subject.word) ? subject.word : without_ending(subject.word));
    const bool held = std::ranges::find(subject.stems, noun) != subject.stems.end();
    if (!held && says_something(noun) && !is_asking_word(noun)) {
      subject.stems.push_back(std::move(noun));
    }
  }

  void add_other_words(Subject& subject) {
    for (const std::string& stem : subject.stems) {
      for (const OtherWord& other : other_words_for(stem)) {
        const bool held = std::ranges::any_of(
            subject.others, [&](const auto& held_word) { return held_word.word == other.word; });
        if (!held) add_other_word(subject, other);
      }
    }
  }

  // Only what the library holds is of use.
  void add_other_word(Subject& subject, const OtherWord& other) {
    SubjectWord word{std::string(other.word), {}, other.same, other.translation, 1};
    for (std::size_t begin = 0; begin < other.word.size();) {
      const std::size_t end = std::min(other.word.find(' ', begin), other.word.size());
      const Terms terms = analyzer_.analyze(other.word.substr(begin, end - begin));
      const bool hyphened = other.word.find('-') != std::string_view::npos;  // "wi-fi": both parts.
      for (std::size_t i = 0; i < terms.stems.size() && (i == 0 || hyphened); ++i) {
        word.stems.push_back(terms.stems[i]);
      }
      begin = end + 1;
    }
    word.idf = weights_.largest_idf();
    bool in_library = !word.stems.empty();
    for (const std::string& stem : word.stems) {
      in_library = in_library &&
                   (weights_.chunk_count() == 0 || weights_.chunks_with(TermKind::kStem, stem) > 0);
      word.idf = std::min(word.idf, weights_.idf(TermKind::kStem, stem));
    }
    if (in_library) subject.others.push_back(std::move(word));
  }

  ParsedQuestion& question_;
  Analyzer& analyzer_;
  const TermWeights& weights_;
  bool last_added_ = false;
  bool goal_ = false;
};

}  // namespace

bool is_part(const Subject& subject, std::string_view stem) {
  return stem.size() < subject.noun.size() && subject.noun.starts_with(stem);
}

Language language_of_question(std::string_view text) {
  std::size_t hangul = 0, latin = 0, other = 0;
  for (const char32_t c : to_utf32(text)) {
    if (is_hangul(c)) {
      ++hangul;
    } else if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z')) {
      ++latin;
    } else if (c >= 0x80 && is_letter_or_digit(c)) {
      ++other;
    }
  }
  const std::size_t letters = hangul + latin + other;
  if (letters == 0) return Language::kUnknown;
  if (hangul * 5 >= letters) return Language::kKorean;
  return latin >= other ? Language::kEnglish : Language::kOther;
}

void drop_translations(ParsedQuestion& question, const TermWeights& weights) {
  const auto is_hangul_word = [](const std::string& word) {
    return std::ranges::any_of(to_utf32(word), is_hangul);
  };
  question.total_weight = 0;
  for (Subject& subject : question.subjects) {
    const std::size_t dropped = std::erase_if(subject.others, [&](const SubjectWord& other) {
      return other.translation ||
             (question.language == Language::kEnglish && is_hangul_word(other.word));
    });
    if (dropped > 0) weigh(subject, weights);
    question.total_weight += subject.weight;
  }
}

ParsedQuestion parse_question(std::string_view text, Analyzer& analyzer,
                              const TermWeights& weights) {
  ParsedQuestion question;
  question.text = std::string(text);
  question.language = language_of_question(text);
  const std::string folded = with_plain_apostrophes(fold_for_matching(text));
  question.asked = asked_quantity(folded);
  question.kinds = kinds_of(folded, question.asked);
  question.asks = question.kinds.how_to || question.kinds.quantity || question.kinds.yes_no ||
                  question.kinds.trouble || is_spoken(folded);

  Parser parser(question, analyzer, weights);
  std::string rest = folded;
  for (const Quantity& quantity : find_quantities(folded)) {
    if (quantity.unit == Unit::kNone) continue;  // "X1", "E-21" and years are words.
    const std::string_view word =
        std::string_view(folded).substr(quantity.span.begin, quantity.span.size());
    parser.add_quantity(quantity, word);
    question.phrase_words.push_back(as_manuals_write(quantity, word));
    std::fill(rest.begin() + static_cast<std::ptrdiff_t>(quantity.span.begin),
              rest.begin() + static_cast<std::ptrdiff_t>(quantity.span.end), ' ');
  }
  const std::u32string code_points = to_utf32(rest);
  std::string before_last, last;  // Words before this one.
  bool counted = false;  // The word before is "몇": this one is its unit, which `asked` holds.
  for (std::size_t i = 0; i < code_points.size();) {
    std::size_t end = i;
    while (end < code_points.size() && !is_space(code_points[end])) ++end;
    const std::u32string_view word = std::u32string_view(code_points).substr(i, end - i);
    const bool excluding =
        word.starts_with(U"말고") || word.starts_with(U"빼고") || word.starts_with(U"제외하고");
    if (excluding) parser.drop_last_word();
    const std::size_t next = std::min(end + 1, code_points.size());
    if (!word.empty() && !counted && !excluding) {
      parser.add_word(word, is_goal(word, std::u32string_view(code_points).substr(next)) ||
                                leads_to_goal(before_last, last));
    }
    if (!word.empty()) before_last = std::exchange(last, letters_of(word));
    const std::size_t unit = std::min(next, code_points.size());
    if (!word.empty()) {
      counted =
          word == U"몇" && begins_with_unit(to_utf8(std::u32string_view(code_points).substr(unit)));
    }
    i = end + 1;
  }
  for (const Unit unit : question.asked.units) {
    if (const std::string_view noun = measured_by(unit);
        !noun.empty() && question.language == Language::kKorean)
      parser.add_measure(noun);
  }
  for (const std::string_view words : other_words_for_phrases(folded)) {
    question.phrase_words.emplace_back(words);
  }
  for (const auto& [phrase, words] : english_phrases_in(folded)) parser.add_phrase(phrase, words);
  for (const Subject& subject : question.subjects) question.total_weight += subject.weight;
  return question;
}

}  // namespace saseo
