// Which product a question is about. Manuals of two products share most of their words; an answer
// that mixes them is wrong in a way that is hard to see.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/library.h"

namespace saseo {

enum class ProductDecision {
  kNone,       // One product in the library, or none is known: nothing to choose.
  kFiltered,   // The caller's filter names it.
  kNamed,      // The question names it.
  kWins,       // The hits of one product are clearly better.
  kAmbiguous,  // Two or more fit equally: `candidates`, best first. Ask.
};

struct ProductChoice {
  ProductDecision decision = ProductDecision::kNone;
  std::string product;                  // For kFiltered, kNamed, kWins.
  std::vector<std::string> candidates;  // For kAmbiguous.
};

// Manuals with one model number are editions of one product, whatever each calls it. `product` is
// its name in any of them or the model number, in any spelling.
bool is_edition_of(const DocumentInfo& info, std::string_view product,
                   std::span<const StoredDocument> documents);

// Products whose name, model number or a distinctive part of the name ("X1", "청소기" when only one
// product has it) the question says; of a product's editions the first one's name.
std::vector<std::string> products_named(std::string_view question,
                                        std::span<const StoredDocument> documents);

// How well each product's best hits fit, best first.
struct ProductScore {
  std::string product;
  float score = 0;
};
// `products_in_library`: how many there are to choose from; products without a hit have no score.
ProductChoice choose_product(std::span<const ProductScore> scores, std::size_t products_in_library);

}  // namespace saseo
