// The word lists of retrieval/data/, read once.
#pragma once

#include <span>

#include "base/word_lists.h"

namespace saseo {

const WordLists& question_word_lists();
const WordLists& english_word_lists();
const WordLists& korean_thesaurus();
const WordLists& english_thesaurus();
const WordLists& translation_lists();

// All files, for the tests.
std::span<const WordFile> retrieval_word_files();

}  // namespace saseo
