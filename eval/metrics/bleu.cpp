#include "eval/metrics/bleu.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "base/utf8.h"
#include "eval/metrics/text_units.h"

namespace saseo::eval {
namespace {

// Punctuation that is always a token; not ' , - .
bool stands_alone(char32_t c) {
  return is_ascii_punctuation(c) && c != U'\'' && c != U',' && c != U'-' && c != U'.';
}

void replace_all(std::u32string& text, std::u32string_view from, std::u32string_view to) {
  std::u32string out;
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::u32string::npos; at = text.find(from, begin)) {
    out.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  text = out.append(text, begin);
}

// Rewrites pairs of neighbours, left to right, each character in one pair at most.
template <typename Matches>
std::u32string rewrite_pairs(std::u32string_view text, Matches matches, bool space_before,
                             bool space_between, bool space_after) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 1 == text.size() || !matches(text[i], text[i + 1])) {
      out.push_back(text[i]);
      continue;
    }
    if (space_before) out.push_back(U' ');
    out.push_back(text[i]);
    if (space_between) out.push_back(U' ');
    out.push_back(text[++i]);
    if (space_after) out.push_back(U' ');
  }
  return out;
}

// The tokens of the answer and of its references as numbers of one series.
class BleuReader {
 public:
  explicit BleuReader(BleuTokens tokens) : tokens_(tokens) {}
  std::u32string read(std::string_view text) {
    if (tokens_ == BleuTokens::kCharacters) return without_white_space(to_utf32(text));
    return numbers_.numbers_of(tokenize_13a(text));
  }

 private:
  BleuTokens tokens_;
  TokenNumbers numbers_;
};

}  // namespace

BleuCounts& BleuCounts::operator+=(const BleuCounts& other) {
  answer_length += other.answer_length;
  reference_length += other.reference_length;
  for (std::size_t i = 0; i < kBleuOrders; ++i) {
    matches[i] += other.matches[i];
    totals[i] += other.totals[i];
  }
  return *this;
}

std::vector<std::u32string> tokenize_13a(std::string_view text) {
  std::u32string line = to_utf32(text);
  while (!line.empty() && is_white_space(line.back())) line.pop_back();
  replace_all(line, U"<skipped>", U"");
  replace_all(line, U"-\n", U"");
  replace_all(line, U"\n", U" ");
  replace_all(line, U"&quot;", U"\"");
  replace_all(line, U"&amp;", U"&");
  replace_all(line, U"&lt;", U"<");
  replace_all(line, U"&gt;", U">");

  std::u32string spaced = U" ";
  for (const char32_t c : line) {
    if (stands_alone(c)) {
      spaced.append({U' ', c, U' '});
    } else {
      spaced.push_back(c);
    }
  }
  spaced.push_back(U' ');
  // A point or comma is a token of its own unless digits stand on both sides; a dash after a digit
  // is one.
  spaced = rewrite_pairs(
      spaced, [](char32_t a, char32_t b) { return !is_ascii_digit(a) && is_decimal_point(b); },
      false, true, true);
  spaced = rewrite_pairs(
      spaced, [](char32_t a, char32_t b) { return is_decimal_point(a) && !is_ascii_digit(b); },
      true, true, false);
  spaced = rewrite_pairs(
      spaced, [](char32_t a, char32_t b) { return is_ascii_digit(a) && b == U'-'; }, false, true,
      true);

  std::vector<std::u32string> tokens;
  for (const std::u32string_view word : split_on_white_space(spaced)) tokens.emplace_back(word);
  return tokens;
}

BleuCounts bleu_counts(std::string_view answer, std::span<const std::string> references,
                       BleuTokens tokens) {
  assert(!references.empty());
  BleuReader reader(tokens);
  const std::u32string answered = reader.read(answer);
  std::vector<std::u32string> wanted;
  for (const std::string& reference : references) wanted.push_back(reader.read(reference));

  BleuCounts counts;
  counts.answer_length = answered.size();
  // The reference closest in length, the shorter of two.
  const auto distance = [&](const std::u32string& reference) {
    const std::size_t a = answered.size(), r = reference.size();
    return std::pair(a > r ? a - r : r - a, r);
  };
  counts.reference_length = std::ranges::min_element(wanted, {}, distance)->size();

  for (std::size_t order = 1; order <= kBleuOrders; ++order) {
    NgramCounts most;
    for (const std::u32string& reference : wanted) {
      for (const auto& [ngram, count] : count_ngrams(reference, order)) {
        std::size_t& known = most[ngram];
        known = std::max(known, count);
      }
    }
    counts.matches[order - 1] = count_shared(count_ngrams(answered, order), most);
    counts.totals[order - 1] = answered.size() < order ? 0 : answered.size() - order + 1;
  }
  return counts;
}

double bleu_score(const BleuCounts& counts, bool effective_order) {
  if (std::ranges::all_of(counts.matches, [](std::size_t n) { return n == 0; })) return 0;
  double log_sum = 0;
  double smoothing = 1;
  std::size_t orders = 0;
  while (orders < kBleuOrders && counts.totals[orders] > 0) {
    const auto total = static_cast<double>(counts.totals[orders]);
    const auto matches = static_cast<double>(counts.matches[orders]);
    if (matches == 0) smoothing *= 2;
    log_sum += std::log(matches == 0 ? 1 / (smoothing * total) : matches / total);
    ++orders;
  }
  if (orders < kBleuOrders && !effective_order) return 0;

  const auto c = static_cast<double>(counts.answer_length);
  const auto r = static_cast<double>(counts.reference_length);
  const double brevity = c < r ? std::exp(1 - r / c) : 1;
  return 100 * brevity * std::exp(log_sum / static_cast<double>(orders));
}

std::string signature_of_references(std::optional<std::size_t> references) {
  return references ? fmt::format("nrefs:{}", *references) : "nrefs:var";
}

std::string bleu_signature(BleuTokens tokens, bool effective_order,
                           std::optional<std::size_t> references) {
  return fmt::format("{}|case:mixed|eff:{}|tok:{}|smooth:exp|version:{}",
                     signature_of_references(references), effective_order ? "yes" : "no",
                     tokens == BleuTokens::k13a ? "13a" : "char", kSignatureVersion);
}

}  // namespace saseo::eval
