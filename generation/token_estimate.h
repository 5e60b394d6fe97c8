// How many tokens a prompt takes where the model cannot say: remote ones count only what they were
// sent.
//
// A token for each
//   - run of up to four Latin letters (English words have 1.3 tokens on average, of 4 to 5 letters),
//   - digit, and other visible character of ASCII,
//   - other character, which for a Korean syllable is more than current vocabularies need (0.6 to
//     1.1),
//   - line break; other white space goes with what follows it,
// and eight around each message for its markers. A plan takes a quarter more than the estimate,
// since a prompt that does not fit is refused or cut after all has been sent.
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <string_view>

#include "base/result.h"
#include "generation/chat_model.h"

namespace saseo {

std::size_t estimate_tokens(std::string_view text);
std::size_t estimate_tokens(std::span<const PromptMessage> messages);

// What to plan for: as the model counts, and a quarter more where that is an estimate.
Result<std::size_t> tokens_to_plan(ChatModel& model, std::span<const PromptMessage> messages,
                                   std::stop_token stop);

}  // namespace saseo
