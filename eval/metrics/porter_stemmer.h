// English words without their endings: Porter's algorithm with the extensions of NLTK, which are
// those of the rouge-score package (libstemmer's "porter" keeps to the paper and differs in all of
// them):
//
//   irregular words (skies -> sky, dying -> die, news, proceed ...)
//   -ies and -ied of four letters keep the e (dies, died -> die; the paper: di), longer -ied -> i
//   y -> i after a consonant that is not the first letter (fly -> fli, enjoy -> enjoy; the paper:
//     where a vowel stands before: fly, enjoi)
//   a stem of a vowel and a consonant counts as short (owed -> owe)
//   -alli is taken off before the other endings of step 2; -fulli -> -ful; -logi -> -log
//
// Sources: Porter, "An algorithm for suffix stripping", Program 14(3), 1980; the documentation of
// nltk.stem.porter, mode NLTK_EXTENSIONS.
#pragma once

#include <string>
#include <string_view>

namespace saseo::eval {

// Of a word of lower-case ASCII letters and digits. Words of one or two letters stay.
std::string porter_stem(std::string_view word);

}  // namespace saseo::eval
