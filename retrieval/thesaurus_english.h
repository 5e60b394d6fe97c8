// The English side of the thesaurus, and the bridge between English and Korean manuals. Words are
// dictionary forms; thesaurus.cpp compares their stems. Separated by '/'; all but the first of a
// hint may hold spaces.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace saseo {

// Words that stand for one another.
std::span<const std::string_view> english_synonyms();
// The first word asks for the others.
std::span<const std::string_view> english_hints();
// A phrase anywhere in a question, and the words by which manuals tell of it.
std::span<const std::pair<std::string_view, std::string_view>> english_phrases();
// Words for the same in English and Korean, first the English ones.
std::span<const std::string_view> translations();

}  // namespace saseo
