// English words by which questions are asked and scenes are set, and verbs that say little: the
// English side of question_words.h. Of any device and of no particular manual.
#pragma once

#include <string_view>

namespace saseo {

// "really", "someone", "gonna", "doesn" (of "doesn't"): says nothing of what is asked about. `word`
// is case-folded, a form or a stem.
bool is_english_asking_word(std::string_view word);

// "put", "keep", "happen": a verb or adjective that manuals say in many other ways. `stem` is a
// stem (index/analyzer.h).
bool is_vague_english_word(std::string_view stem);

// "stole" -> "steal": the irregular forms that no stemmer knows; empty when it is none.
std::string_view base_of_irregular(std::string_view word);

// "my screen is black", "it won't start": someone speaks, and does not name what is looked for.
// `folded` is a whole question.
bool speaks_of_self(std::string_view folded);

// "to", or "i" after "do" or "can": what follows is what the asker wants to do. The words are
// case-folded and stand before the verb, `last` next to it.
bool leads_to_goal(std::string_view before_last, std::string_view last);

}  // namespace saseo
