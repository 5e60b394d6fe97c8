#include "eval/metrics/squad_score.h"

#include <algorithm>

#include "eval/metrics/text_units.h"

namespace saseo::eval {
namespace {

bool is_article(std::u32string_view word) {
  return word == U"a" || word == U"an" || word == U"the";
}

double f1_of_units(std::u32string_view answer, std::u32string_view reference) {
  if (answer.empty() || reference.empty()) return 0;
  const auto shared =
      static_cast<double>(count_shared(count_ngrams(answer, 1), count_ngrams(reference, 1)));
  return harmonic_mean(shared / static_cast<double>(answer.size()),
                       shared / static_cast<double>(reference.size()));
}

}  // namespace

std::u32string squad_normalized(std::string_view text) {
  std::u32string bare = lower_case(text);
  std::erase_if(bare, is_ascii_punctuation);
  std::u32string kept;
  for (std::size_t i = 0; i < bare.size();) {
    std::size_t end = i;
    while (end < bare.size() && is_word_character(bare[end])) ++end;
    const std::u32string_view word = std::u32string_view(bare).substr(i, end - i);
    if (word.empty()) {
      kept.push_back(bare[end++]);
    } else if (is_article(word)) {
      kept.push_back(U' ');
    } else {
      kept.append(word);
    }
    i = end;
  }
  return single_spaced(kept);
}

std::u32string korquad_normalized(std::string_view text) {
  constexpr std::u32string_view kMarks = U"'\"《》<>〈〉()‘’";
  std::u32string bare = lower_case(text);
  for (char32_t& c : bare) {
    if (kMarks.find(c) != std::u32string_view::npos) c = U' ';
  }
  std::erase_if(bare, is_ascii_punctuation);
  return single_spaced(bare);
}

AnswerMatch squad_score(std::string_view answer, std::span<const std::string> references) {
  const std::u32string answered = squad_normalized(answer);
  AnswerMatch best;
  for (const std::string& reference : references) {
    const std::u32string wanted = squad_normalized(reference);
    const bool same = answered == wanted;
    TokenNumbers numbers;
    const std::u32string answer_words = numbers.numbers_of(split_on_white_space(answered));
    const std::u32string reference_words = numbers.numbers_of(split_on_white_space(wanted));
    best.exact = std::max(best.exact, same ? 1.0 : 0.0);
    best.f1 = std::max(best.f1, same ? 1.0 : f1_of_units(answer_words, reference_words));
  }
  return best;
}

AnswerMatch korquad_score(std::string_view answer, std::span<const std::string> references) {
  const std::u32string answered = korquad_normalized(answer);
  AnswerMatch best;
  for (const std::string& reference : references) {
    const std::u32string wanted = korquad_normalized(reference);
    best.exact = std::max(best.exact, answered == wanted ? 1.0 : 0.0);
    best.f1 =
        std::max(best.f1, f1_of_units(without_white_space(answered), without_white_space(wanted)));
  }
  return best;
}

}  // namespace saseo::eval
