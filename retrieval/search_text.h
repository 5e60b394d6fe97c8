// What is searched for when a person asks: the question as it is (stretches in quotes stay
// literal), its subjects again, which thus outweigh the words that only ask, and the other words by
// which a manual may say them.
#pragma once

#include <string>

#include "retrieval/question.h"

namespace saseo {

std::string search_text(const ParsedQuestion& question);

}  // namespace saseo
