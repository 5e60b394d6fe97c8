// What is searched for when a person asks: the question as it is (of an English question the
// subjects alone: the words that only ask occur in any text), its subjects again, which thus
// outweigh the words that only ask, and the other words by which a manual may say them.
#pragma once

#include <string>

#include "retrieval/question.h"

namespace saseo {

// The question's own words only.
std::string asked_text(const ParsedQuestion& question);
std::string search_text(const ParsedQuestion& question);

}  // namespace saseo
