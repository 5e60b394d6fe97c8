// BLEU as sacreBLEU computes it: how many n-grams of an answer its references hold.
//
//   BLEU = 100 * min(1, e^(1 - r/c)) * (p1 p2 p3 p4)^(1/4)
//
// where p_n is the share of the answers' n-grams that their references hold (each as often as the
// reference that has it most often), c the length of the answers and r that of the references
// closest in length. An order without a match counts 100 / (2^k total), where k numbers such orders
// ("exp"). With the effective order, made for single answers, orders longer than the answer are
// left out; without it they make the score 0.
//
// Sources: Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", ACL
// 2002; Post, "A Call for Clarity in Reporting BLEU Scores", WMT 2018 (values equal sacreBLEU
// 2.6.0's).
//
// Korean: sacreBLEU cuts it with MeCab-ko by default, which is not here. Of its other ways we take
// characters ("char"): by 13a, which cuts at spaces, one particle or one space more makes another
// word.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saseo::eval {

enum class BleuTokens {
  k13a,         // As mteval-v13a.pl: punctuation off words, case kept.
  kCharacters,  // Each code point that is not white space.
};

inline constexpr std::size_t kBleuOrders = 4;

// All that a score needs of a set of answers: those of several answers are added, so that a corpus
// can be resampled without its texts.
struct BleuCounts {
  std::size_t answer_length = 0, reference_length = 0;
  std::array<std::size_t, kBleuOrders> matches{}, totals{};
  BleuCounts& operator+=(const BleuCounts& other);
};

// The tokens of mteval-v13a.
std::vector<std::u32string> tokenize_13a(std::string_view text);

// `references` holds at least one.
BleuCounts bleu_counts(std::string_view answer, std::span<const std::string> references,
                       BleuTokens tokens);

// 0 to 100.
double bleu_score(const BleuCounts& counts, bool effective_order);

// sacreBLEU's form: "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0+saseo", where the
// version says whose values these are and that its code did not compute them. `references` is
// nullopt when their number differs from answer to answer ("nrefs:var").
std::string bleu_signature(BleuTokens tokens, bool effective_order,
                           std::optional<std::size_t> references);

// "version:..." of the signatures of BLEU and chrF.
inline constexpr std::string_view kSignatureVersion = "2.6.0+saseo";
std::string signature_of_references(std::optional<std::size_t> references);  // "nrefs:..."

}  // namespace saseo::eval
