// The words of generation/data/followup_words.txt, read once.
#pragma once

#include "base/word_lists.h"

namespace saseo {

const WordLists& followup_word_lists();

}  // namespace saseo
