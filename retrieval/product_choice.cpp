#include "retrieval/product_choice.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/utf8.h"

namespace saseo {
namespace {

// The best hits of two products within this ratio fit equally.
constexpr float kEqualRatio = 0.85f;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const std::string folded = fold_for_matching(text);
  for (std::size_t i = 0; i < folded.size();) {
    const DecodedCodePoint decoded = decode_utf8(folded, i);
    if (is_letter_or_digit(decoded.code_point)) {
      append_utf8(word, decoded.code_point);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
    i += decoded.length;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

// A word of a product's name that names it on its own: "다온폰", "X1", "DP-X100"; not "2" or "a".
bool can_name(std::string_view word) { return count_code_points(word) >= 2; }

bool is_ascii_word(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Whether the question says the word: an ASCII word as a whole word with at most a Korean particle
// after it, a Korean one as the beginning of a word.
bool says(const std::vector<std::string>& question_words, const std::string& word) {
  return std::ranges::any_of(question_words, [&](const std::string& said) {
    if (!said.starts_with(word)) return false;
    if (said.size() == word.size() || !is_ascii_word(word)) return true;
    return static_cast<unsigned char>(said[word.size()]) >= 0x80;
  });
}

bool same_name(std::string_view a, std::string_view b) {
  return fold_letters_and_digits(a) == fold_letters_and_digits(b);
}

bool same_model(const DocumentInfo& a, const DocumentInfo& b) {
  return !fold_letters_and_digits(a.model_number).empty() &&
         same_name(a.model_number, b.model_number);
}

// The name of the first document that is of the same product.
const std::string& first_name(const StoredDocument& document,
                              std::span<const StoredDocument> documents) {
  const auto first = std::ranges::find_if(documents, [&](const StoredDocument& other) {
    return !other.info.product.empty() &&
           (other.info.product == document.info.product || same_model(other.info, document.info));
  });
  return first == documents.end() ? document.info.product : first->info.product;
}

}  // namespace

bool is_edition_of(const DocumentInfo& info, std::string_view product,
                   std::span<const StoredDocument> documents) {
  if (fold_letters_and_digits(product).empty()) return false;
  if (same_name(info.product, product) || same_name(info.model_number, product)) return true;
  return std::ranges::any_of(documents, [&](const StoredDocument& other) {
    return same_name(other.info.product, product) && same_model(other.info, info);
  });
}

std::vector<std::string> products_named(std::string_view question,
                                        std::span<const StoredDocument> documents) {
  struct Names {
    std::set<std::string> whole;  // Squeezed names and model numbers.
    std::set<std::string> words;
  };
  std::map<std::string, Names> products;
  for (const StoredDocument& document : documents) {
    if (document.info.product.empty()) continue;
    Names& names = products[first_name(document, documents)];
    names.whole.insert(fold_letters_and_digits(document.info.product));
    for (std::string& word : words_of(document.info.product)) {
      if (can_name(word)) names.words.insert(std::move(word));
    }
    if (!document.info.model_number.empty())
      names.whole.insert(fold_letters_and_digits(document.info.model_number));
  }
  const std::string squeezed_question = fold_letters_and_digits(question);
  const std::vector<std::string> question_words = words_of(question);
  std::vector<std::string> named, hinted;
  for (const auto& [product, names] : products) {
    const bool whole = std::ranges::any_of(names.whole, [&](const std::string& name) {
      return can_name(name) && squeezed_question.find(name) != std::string::npos;
    });
    if (whole) {
      named.push_back(product);
      continue;
    }
    // A part of the name counts when no other product has it.
    const bool part = std::ranges::any_of(names.words, [&](const std::string& word) {
      const auto holders = std::ranges::count_if(
          products, [&](const auto& p) { return p.second.words.contains(word); });
      return holders == 1 && says(question_words, word);
    });
    if (part) hinted.push_back(product);
  }
  return named.empty() ? hinted : named;
}

ProductChoice choose_product(std::span<const ProductScore> scores,
                             std::size_t products_in_library) {
  ProductChoice choice;
  if (scores.empty() || products_in_library < 2) return choice;
  if (scores.size() == 1 || scores[1].score < kEqualRatio * scores[0].score) {
    choice.decision = ProductDecision::kWins;
    choice.product = scores[0].product;
    return choice;
  }
  choice.decision = ProductDecision::kAmbiguous;
  for (const ProductScore& score : scores) {
    if (score.score >= kEqualRatio * scores[0].score) choice.candidates.push_back(score.product);
  }
  return choice;
}

}  // namespace saseo
