// Which words of a text another text does not have, in its order: what is outside of a longest
// common subsequence of words (Myers, "An O(ND) Difference Algorithm", 1986, states the problem).
#pragma once

#include <string_view>
#include <vector>

#include "ingest/document.h"

namespace saseo::eval {

// An answer as words and citation marks; white space lies between.
struct AnswerPiece {
  ByteSpan span;
  int citation = 0;  // n of "[n]"; 0: a word.
};
std::vector<AnswerPiece> pieces_of(std::string_view answer);

// For each word of `text` whether `other` lacks it there. Case and punctuation at a word's end are
// passed over. Very long texts are compared by which words they have at all.
std::vector<bool> words_lacking(const std::vector<std::string_view>& text,
                                const std::vector<std::string_view>& other);

}  // namespace saseo::eval
