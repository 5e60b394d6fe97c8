#include "index/analyzer.h"

#include <libstemmer.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <hunspell.hxx>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/paths.h"
#include "base/utf8.h"
#include "index/word_data.h"

namespace saseo {
namespace {

constexpr std::size_t kMaxWordCodePoints = 64;  // Longer "words" are data, not language.
constexpr std::size_t kMaxCachedWords = 200'000;

// Particles that follow a noun, longest first.
const std::vector<std::u32string>& particles() {
  static const std::vector<std::u32string> list = [] {
    std::vector<std::u32string> made;
    for (const std::string_view word : stop_word_lists().words("particles"))
      made.push_back(to_utf32(word));
    return made;
  }();
  return list;
}

// Words that announce an error code in a question.
bool is_error_word(std::string_view word) {
  static const auto words = stop_word_lists().word_set("error words");
  return words.contains(word);
}

bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

enum class Script { kOther, kHangul, kHan };
Script script_of(char32_t c) {
  if (is_hangul(c)) return Script::kHangul;
  if (is_han(c)) return Script::kHan;
  return Script::kOther;
}

// A run of letters and digits of one script.
struct Token {
  std::u32string text;
  Script script = Script::kOther;
  bool joined_to_previous = false;  // No character, or one hyphen, between the two.
  bool after_space = false;         // White space alone between the two.
};

std::vector<Token> tokenize(std::u32string_view text) {
  std::vector<Token> tokens;
  std::size_t gap = 2;  // Characters since the last token; 2 stands for "far".
  bool after_space = false;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_letter_or_digit(text[i])) {
      const bool hyphen =
          text[i] == U'-' || text[i] == U'_' || text[i] == U'\u2010' || text[i] == U'\u2011';
      after_space = is_space(text[i]) && (gap == 0 || after_space);
      gap += hyphen ? 1 : 2;
      ++i;
      continue;
    }
    const Script script = script_of(text[i]);
    std::size_t end = i;
    while (end < text.size() && is_letter_or_digit(text[end]) && script_of(text[end]) == script)
      ++end;
    tokens.push_back({std::u32string(text.substr(i, end - i)), script, gap <= 1, after_space});
    gap = 0;
    i = end;
  }
  return tokens;
}

bool all_of(std::u32string_view text, bool (*predicate)(char32_t)) {
  return !text.empty() && std::ranges::all_of(text, predicate);
}

std::u32string without_particle(std::u32string_view word) {
  for (const std::u32string_view particle : particles()) {
    if (word.size() >= particle.size() + 2 && word.ends_with(particle)) {
      return std::u32string(word.substr(0, word.size() - particle.size()));
    }
  }
  return {};
}

void add_unique(std::vector<std::string>& words, std::string word) {
  if (!word.empty() && std::ranges::find(words, word) == words.end())
    words.push_back(std::move(word));
}

// What a Korean word gives.
struct KoreanWord {
  std::vector<std::string> stems;
  // Bigrams begin in the stem only: those of an ending ("합니", "하려") say nothing.
  std::size_t stem_length = 0;  // Code points.
};

std::size_t common_prefix(std::u32string_view a, std::u32string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

// hunspell-ko, loaded once a process by the first Korean word: it takes a quarter of a second and
// tens of megabytes. Thread-safe: Hunspell itself is not, so look-ups take turns; each Analyzer
// remembers what it looked up.
class KoreanDictionary {
 public:
  static KoreanDictionary& instance() {
    // Never freed: letting go of each word would take a tenth of a second at the end.
    static KoreanDictionary& dictionary = *new KoreanDictionary;
    return dictionary;
  }
  bool installed() const { return hunspell_ != nullptr; }
  std::vector<std::string> lemmas(const std::string& word) {
    if (hunspell_ == nullptr) return {};
    const std::lock_guard lock(mutex_);
    return hunspell_->stem(word);
  }

 private:
  KoreanDictionary() {
    const std::filesystem::path folder = "/usr/share/hunspell";
    if (!path_exists(folder / "ko.aff") || !path_exists(folder / "ko.dic")) return;
    hunspell_ =
        std::make_unique<Hunspell>((folder / "ko.aff").c_str(), (folder / "ko.dic").c_str());
  }

  std::mutex mutex_;
  std::unique_ptr<Hunspell> hunspell_;
};

}  // namespace

struct Analyzer::State {
  sb_stemmer* english = sb_stemmer_new("english", "UTF_8");
  std::unordered_map<std::u32string, KoreanWord> cache;
  LemmaLookup lookup;
  std::vector<std::pair<std::string, std::vector<std::string>>> looked_up;

  std::vector<std::string> lemmas(const std::string& word) {
    if (lookup) {
      if (std::optional<std::vector<std::string>> known = lookup(word)) return *std::move(known);
    }
    std::vector<std::string> found = KoreanDictionary::instance().lemmas(word);
    looked_up.emplace_back(word, found);
    return found;
  }

  ~State() { sb_stemmer_delete(english); }

  const KoreanWord& korean_word(const std::u32string& word) {
    if (const auto found = cache.find(word); found != cache.end()) return found->second;
    if (cache.size() >= kMaxCachedWords) cache.clear();
    KoreanWord result;
    if (word.size() <= 20) {
      for (const std::string& found : lemmas(to_utf8(word))) {
        std::u32string stem = to_utf32(to_nfc(found));
        add_unique(result.stems, to_utf8(stem));
        // 충전하다 -> 충전: the noun of a verb made of a noun.
        for (const std::u32string_view ending : {U"하다", U"되다"}) {
          if (stem.size() >= ending.size() + 2 && stem.ends_with(ending)) {
            add_unique(result.stems,
                       to_utf8(std::u32string_view(stem).substr(0, stem.size() - ending.size())));
          }
        }
        if (stem.size() > 1 && stem.ends_with(U'다')) stem.pop_back();
        result.stem_length = std::max(result.stem_length, common_prefix(stem, word));
      }
    }
    const std::u32string bare = without_particle(word);
    if (result.stems.empty()) {  // Unknown: a name, a new word.
      add_unique(result.stems, to_utf8(word));
      result.stem_length = word.size();
    }
    add_unique(result.stems, to_utf8(bare));
    result.stem_length = std::max<std::size_t>(result.stem_length, 2);
    return cache.emplace(word, std::move(result)).first->second;
  }

  std::string english_stem(const std::u32string& word) {
    std::string utf8 = to_utf8(word);
    if (is_english_stop_word(utf8)) return {};
    const auto* stem = sb_stemmer_stem(english, reinterpret_cast<const sb_symbol*>(utf8.data()),
                                       static_cast<int>(utf8.size()));
    if (stem == nullptr) return utf8;
    return {reinterpret_cast<const char*>(stem),
            static_cast<std::size_t>(sb_stemmer_length(english))};
  }
};

Analyzer::Analyzer() : state_(std::make_unique<State>()) {}
Analyzer::Analyzer(Analyzer&&) noexcept = default;
Analyzer& Analyzer::operator=(Analyzer&&) noexcept = default;
Analyzer::~Analyzer() = default;

void Analyzer::set_lemma_lookup(LemmaLookup lookup) { state_->lookup = std::move(lookup); }

std::vector<std::pair<std::string, std::vector<std::string>>> Analyzer::take_looked_up() {
  return std::exchange(state_->looked_up, {});
}

void Analyzer::preload() { (void)KoreanDictionary::instance(); }
bool Analyzer::has_korean_dictionary() { return KoreanDictionary::instance().installed(); }

Terms Analyzer::analyze(std::string_view text) {
  const std::vector<Token> tokens = tokenize(to_utf32(fold_for_matching(text)));
  Terms terms;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.text.size() > kMaxWordCodePoints) continue;
    if (token.script == Script::kOther) {
      if (std::string stem = state_->english_stem(token.text); !stem.empty())
        terms.stems.push_back(std::move(stem));
      // Codes written apart: E-21 -> e21 (and errcode21, which "에러 21" asks for), SM-G99 ->
      // smg99.
      std::u32string code = token.text;
      if (i > 0 && token.joined_to_previous && tokens[i - 1].script == Script::kOther) {
        code = tokens[i - 1].text + token.text;
        if (code.size() <= 16 && std::ranges::any_of(code, is_ascii_digit))
          terms.stems.push_back(to_utf8(code));
      }
      std::size_t letters = 0;
      while (letters < code.size() && is_ascii_letter(code[letters])) ++letters;
      const std::u32string_view number = std::u32string_view(code).substr(letters);
      if (letters >= 1 && letters <= 3 && number.size() <= 4 && all_of(number, is_ascii_digit)) {
        const std::size_t zeros = std::min(number.find_first_not_of(U'0'), number.size() - 1);
        terms.stems.push_back("errcode" + to_utf8(number.substr(zeros)));
      }
      continue;
    }
    std::size_t bigram_end = token.text.size();
    if (token.script == Script::kHangul) {
      const KoreanWord& word = state_->korean_word(token.text);
      terms.stems.insert(terms.stems.end(), word.stems.begin(), word.stems.end());
      bigram_end = std::min(bigram_end, word.stem_length);
      // Over the space between two words: 무선 충전 and 무선충전 share 선충.
      if (token.after_space && i > 0 && tokens[i - 1].script == Script::kHangul) {
        terms.bigrams.push_back(
            to_utf8(std::u32string{tokens[i - 1].text.back(), token.text.front()}));
      }
    } else {
      terms.stems.push_back(to_utf8(token.text));
    }
    if (token.text.size() == 1) terms.bigrams.push_back(to_utf8(token.text));
    for (std::size_t at = 0; at + 2 <= bigram_end; ++at) {
      terms.bigrams.push_back(to_utf8(std::u32string_view(token.text).substr(at, 2)));
    }
  }
  return terms;
}

Terms Analyzer::analyze_question(std::string_view text) {
  Terms terms = analyze(text);
  // "에러 21", "오류 코드 021번": the number of a code whose letters the asker left out.
  const std::vector<Token> tokens = tokenize(to_utf32(fold_for_matching(text)));
  bool after_error_word = false;
  for (const Token& token : tokens) {
    if (is_error_word(to_utf8(token.text))) {
      after_error_word = true;
    } else if (after_error_word && all_of(token.text, is_ascii_digit) && token.text.size() <= 4) {
      const std::size_t zeros = std::min(token.text.find_first_not_of(U'0'), token.text.size() - 1);
      terms.stems.push_back("errcode" + to_utf8(std::u32string_view(token.text).substr(zeros)));
      after_error_word = false;
    } else if (token.script != Script::kHangul) {
      after_error_word = false;
    }
  }
  return terms;
}

std::string join_terms(const std::vector<std::string>& terms) {
  std::string joined;
  for (const std::string& term : terms) {
    if (!joined.empty()) joined.push_back(' ');
    joined += term;
  }
  return joined;
}

std::string english_stem(std::string_view folded_word) {
  struct Stemmer {
    sb_stemmer* english = sb_stemmer_new("english", "UTF_8");
    Stemmer() = default;
    Stemmer(const Stemmer&) = delete;
    Stemmer& operator=(const Stemmer&) = delete;
    ~Stemmer() { sb_stemmer_delete(english); }
  };
  thread_local const Stemmer stemmer;
  const auto* stem =
      sb_stemmer_stem(stemmer.english, reinterpret_cast<const sb_symbol*>(folded_word.data()),
                      static_cast<int>(folded_word.size()));
  if (stem == nullptr) return std::string(folded_word);
  return {reinterpret_cast<const char*>(stem),
          static_cast<std::size_t>(sb_stemmer_length(stemmer.english))};
}

bool is_english_stop_word(std::string_view folded_word) {
  static const auto words = stop_word_lists().word_set("english");
  return words.contains(folded_word);
}
bool is_korean_stop_word(std::string_view folded_word) {
  static const auto words = stop_word_lists().word_set("korean");
  return words.contains(folded_word);
}

}  // namespace saseo
