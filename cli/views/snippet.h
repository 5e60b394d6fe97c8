// The stretch of a passage to show beside a hit, with the words that were looked for.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace saseo::cli {

// At most `columns` wide, line ends as spaces, "…" where text was cut. Begins a little before the
// place where most of the question's words stand close together.
std::string snippet_of(std::string_view text, std::string_view question, std::size_t columns);

// The text with `mark` applied to each stretch that begins as a word of the question does: its
// first two syllables in Korean, four letters otherwise, or the whole word when it is shorter.
std::string mark_words(std::string_view text, std::string_view question,
                       const std::function<std::string(std::string_view)>& mark);

}  // namespace saseo::cli
