// Text -> terms for lexical search and latent semantic analysis. Two kinds of term, because each
// finds what the other misses (a bare Korean noun must find the noun with its particle):
//
//   bigrams  two neighbouring syllables of Korean (or Chinese) words, over a space too, without
//            those of verb endings: 무선 충전하기 -> 무선 선충 충전
//   stems    words: Korean by hunspell-ko's lemma, an unknown one as it stands and without its
//            particle; English by the Snowball stemmer, without stop words; numbers; codes joined,
//            E-21 -> e21
//
// Text is compared after NFKC and case folding. Terms hold letters and digits only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saseo {

// Which analysis made a library's terms; the library keeps it, and a writer of another version
// makes them anew. Raise it when Analyzer::analyze() gives other terms for some text than before:
// other rules, stop words, normalisation or stemmer. Not for what questions alone are given
// (analyze_question), and not for another dictionary on a machine, which no program can know of.
inline constexpr int kAnalyzerVersion = 1;

struct Terms {
  std::vector<std::string> bigrams;  // In order of the text, with repetitions.
  std::vector<std::string> stems;
};

// Thread-compatible: one object may be used by one thread at a time (it caches words). The Korean
// dictionary (about 0.2 s) is loaded once a process, by the first Korean word or by preload().
class Analyzer {
 public:
  Analyzer();
  Analyzer(Analyzer&&) noexcept;
  Analyzer& operator=(Analyzer&&) noexcept;
  ~Analyzer();

  Terms analyze(std::string_view text);
  // For questions: also terms that only a question needs, such as "errcode21" for "에러 21",
  // which an indexed code E-21 carries too.
  Terms analyze_question(std::string_view text);

  // Asked for a Korean word's lemmas before the dictionary is; nullopt: not known there. Called on
  // the thread that analyzes.
  using LemmaLookup =
      std::function<std::optional<std::vector<std::string>>(const std::string& word)>;
  void set_lemma_lookup(LemmaLookup lookup);
  // The words, with their lemmas, that the dictionary was asked for since the last call.
  std::vector<std::pair<std::string, std::vector<std::string>>> take_looked_up();

  // Any thread may load the dictionary ahead; those that need it wait for it.
  static void preload();
  // False when hunspell-ko is not installed: Korean stems are then beginnings of words only.
  bool has_korean_dictionary();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Joined by spaces, as the library's columns hold them.
std::string join_terms(const std::vector<std::string>& terms);

// The Snowball stem of a case-folded English word: "charging" -> "charg".
std::string english_stem(std::string_view folded_word);
// An English word that carries no subject ("the", "how").
bool is_english_stop_word(std::string_view folded_word);
// A Korean word that asks or refers but names no subject ("어떻게", "방법", "그럼"); folded text.
bool is_korean_stop_word(std::string_view folded_word);

}  // namespace saseo
