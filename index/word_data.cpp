#include "index/word_data.h"

namespace saseo {

const WordLists& stop_word_lists() {
  static const WordLists lists(
#include "index/data/stop_words.txt.inc"
  );
  return lists;
}

}  // namespace saseo
