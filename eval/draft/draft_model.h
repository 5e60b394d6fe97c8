// A chat model's words for a drafted question, checked: what fails the check is not used.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/draft/draft_candidates.h"
#include "generation/chat_model.h"
#include "index/analyzer.h"

namespace saseo::eval {

std::vector<PromptMessage> wording_prompt(const DraftCandidate& candidate);

// The question in what the model wrote. Empty unless it is one line and a question, in the
// candidate's language, of sensible length, shares a subject with the passage, keeps what it must
// hold (a code) and gives away no fact of the answer.
std::string checked_wording(std::string_view written, const DraftCandidate& candidate,
                            Analyzer& analyzer);

// Asks the model; empty when its words do not pass.
Result<std::string> word_by_model(const DraftCandidate& candidate, ChatModel& model,
                                  Analyzer& analyzer, std::stop_token stop);

}  // namespace saseo::eval
