// What Saseo itself says to a question, in the question's language, when it does not answer.
#pragma once

#include <span>
#include <string>

#include "base/message.h"
#include "retrieval/context.h"
#include "retrieval/product_choice.h"

namespace saseo {

// "The manuals do not answer this", with the nearest sections as a help.
std::string silent_reply(Language language, const Context& context);
// "Which product?", with the candidates.
std::string which_product_reply(Language language, std::span<const std::string> candidates);
// For a question in a language that is neither Korean nor English; says it in both.
std::string other_language_reply();
// The library holds no manual, or the filter leaves none.
std::string nothing_to_search_reply(Language language);

}  // namespace saseo
