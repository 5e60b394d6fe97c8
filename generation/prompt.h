// Prompts: what a chat model is told so that it answers from the passages alone.
//
// One system message with the instructions, which never change, so that what a model keeps of them
// serves every question; then one user message: passages, conversation, question. Small models
// follow what stands last, so the rules that matter most are said again beside the question.
//
// Passages, conversation and question are data. They stand between marks that nothing in them can
// write, and turn markers in angle brackets in them are broken up (as_data).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generation/chat_model.h"
#include "generation/language_model.h"

namespace saseo {

// What the model is told to say, and nothing else, when the passages do not answer.
std::string_view silent_phrase(Language language);
// The sentence says that the manuals are silent, in these words or much the same.
bool says_silent(std::string_view sentence);
// Letters of such a sentence that is still being written.
bool may_become_silent(std::string_view beginning);

std::string_view instructions_for(Language language);

// "<<<" and ">>>", and turn markers such as "<start_of_turn>" and "<|im_end|>", written with other
// signs; control characters and direction marks left out. Line breaks stay.
std::string as_data(std::string_view text);

std::string prompt_passage(const Passage& passage, Language language);
std::string prompt_turn(const Turn& turn, Language language);

// The beginning of the user message that build_prompt() makes of these passages, in their order:
// the same whatever is asked.
std::string prompt_beginning(Language language, std::span<const Passage> passages);

// `history`: the turns to show, oldest first.
std::vector<PromptMessage> build_prompt(std::string_view question, Language language,
                                        std::span<const Passage> passages,
                                        std::span<const Turn> history);

// Asks for `question` as one that is understood without the conversation; history not empty.
std::vector<PromptMessage> build_rewriting_prompt(std::string_view question, Language language,
                                                  std::span<const Turn> history);

}  // namespace saseo
