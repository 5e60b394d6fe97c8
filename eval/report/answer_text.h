// An answer's text as HTML: citations open their passage, words that the other answers lack are
// marked, sentences without support are underlined.
#pragma once

#include <string>
#include <vector>

#include "eval/report/passage_shelf.h"
#include "eval/report/words.h"

namespace saseo::eval {

// For each answer of one question, for each of its words in pieces_of(): whether it is marked. The
// first answer's words are marked when all others lack them, the others' when the first lacks them.
// Nothing is marked, and compared with, where an answer is nullptr, empty or a refusal, nor where
// most words would be marked.
std::vector<std::vector<bool>> marked_words(const std::vector<const RecordedAnswer*>& answers);

// `marked`: of this answer, by marked_words().
std::string answer_text(const RecordedAnswer& answer, const std::vector<bool>& marked,
                        PassageShelf& shelf);

// The passages that the answer cites, as a list of links; empty when it cites none.
std::string source_list(const RecordedAnswer& answer, const Words& words, PassageShelf& shelf);

}  // namespace saseo::eval
