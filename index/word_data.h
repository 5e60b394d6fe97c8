// The words of index/data/stop_words.txt, read once.
#pragma once

#include "base/word_lists.h"

namespace saseo {

const WordLists& stop_word_lists();

}  // namespace saseo
