#include "eval/metrics/chrf.h"

#include <fmt/format.h>

#include <cassert>
#include <vector>

#include "base/utf8.h"
#include "eval/metrics/bleu.h"
#include "eval/metrics/text_units.h"

namespace saseo::eval {
namespace {

constexpr double kBeta = 2;

// Characters, and words as numbers.
struct ChrfText {
  std::u32string characters, words;
};

ChrfText read(std::string_view text, TokenNumbers& numbers) {
  const std::u32string code_points = to_utf32(text);
  std::vector<std::u32string_view> words;
  for (const std::u32string_view word : split_on_white_space(code_points)) {
    // "(hi)" is "(hi" and ")".
    if (word.size() > 1 && is_ascii_punctuation(word.back())) {
      words.push_back(word.substr(0, word.size() - 1));
      words.push_back(word.substr(word.size() - 1));
    } else if (word.size() > 1 && is_ascii_punctuation(word.front())) {
      words.push_back(word.substr(0, 1));
      words.push_back(word.substr(1));
    } else {
      words.push_back(word);
    }
  }
  return {without_white_space(code_points), numbers.numbers_of(words)};
}

ChrfCounts::Order compare(std::u32string_view answer, std::u32string_view reference,
                          std::size_t order) {
  const auto ngrams = [order](std::u32string_view text) {
    return text.size() < order ? 0 : text.size() - order + 1;
  };
  // An order that the reference lacks does not count.
  if (ngrams(reference) == 0) return {};
  return {ngrams(answer), ngrams(reference),
          count_shared(count_ngrams(answer, order), count_ngrams(reference, order))};
}

}  // namespace

ChrfCounts& ChrfCounts::operator+=(const ChrfCounts& other) {
  for (std::size_t i = 0; i < orders.size(); ++i) {
    orders[i].of_answer += other.orders[i].of_answer;
    orders[i].of_reference += other.orders[i].of_reference;
    orders[i].shared += other.orders[i].shared;
  }
  return *this;
}

ChrfCounts chrf_counts(std::string_view answer, std::span<const std::string> references) {
  assert(!references.empty());
  TokenNumbers numbers;
  const ChrfText answered = read(answer, numbers);
  ChrfCounts best;
  double best_score = -1;
  for (const std::string& reference : references) {
    const ChrfText wanted = read(reference, numbers);
    ChrfCounts counts;
    for (std::size_t i = 0; i < kChrfCharacterOrders; ++i)
      counts.orders[i] = compare(answered.characters, wanted.characters, i + 1);
    for (std::size_t i = 0; i < kChrfWordOrders; ++i)
      counts.orders[kChrfCharacterOrders + i] = compare(answered.words, wanted.words, i + 1);
    if (const double score = chrf_score(counts); score > best_score) {
      best = counts;
      best_score = score;
    }
  }
  return best;
}

double chrf_score(const ChrfCounts& counts) {
  double precision = 0, recall = 0, orders = 0;
  for (const ChrfCounts::Order& order : counts.orders) {
    if (order.of_answer == 0 || order.of_reference == 0) continue;
    precision += static_cast<double>(order.shared) / static_cast<double>(order.of_answer);
    recall += static_cast<double>(order.shared) / static_cast<double>(order.of_reference);
    ++orders;
  }
  if (precision + recall == 0) return 0;
  precision /= orders;
  recall /= orders;
  constexpr double kFactor = kBeta * kBeta;
  return 100 * (1 + kFactor) * precision * recall / (kFactor * precision + recall);
}

std::string chrf_signature(std::optional<std::size_t> references) {
  return fmt::format("{}|case:mixed|eff:yes|nc:{}|nw:{}|space:no|version:{}",
                     signature_of_references(references), kChrfCharacterOrders, kChrfWordOrders,
                     kSignatureVersion);
}

}  // namespace saseo::eval
