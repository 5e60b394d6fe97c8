#include "generation/word_data.h"

namespace saseo {

const WordLists& followup_word_lists() {
  static const WordLists lists(
#include "generation/data/followup_words.txt.inc"
  );
  return lists;
}

}  // namespace saseo
