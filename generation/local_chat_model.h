// A Gemma model file of this machine as a ChatModel: messages -> chat template -> engine -> text.
// Each lane has a session of its own, so that what an answer's prompt shares with the one before
// (instructions, passages) stays computed while follow-ups are rewritten between them.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "engine/model.h"
#include "engine/session.h"
#include "generation/chat_model.h"

namespace saseo {

// Checks that the model fits with all that answering takes (check_memory() says how; limit 0: what
// the machine has) and gives the form in which it does: `wanted` with every position kept, so that
// any shared beginning is found again, or else with rings, which forget.
Result<SessionOptions> fit_local_chat(const Model& model, const SessionOptions& wanted,
                                      std::uint64_t limit = 0);

// The session of a lane: rewriting a follow-up takes a short prompt.
SessionOptions lane_options(const Model& model, const SessionOptions& options, Lane lane);

// Fails when the vocabulary has no turn markers: not a model for conversations. Texts are whole
// UTF-8 at every piece; a character that was cut off in the middle is left out. A prompt that
// leaves no room for a token is an error with both lengths. `draft`: the model that the options'
// speculation names, if any.
Result<std::unique_ptr<ChatModel>> make_local_chat_model(
    Model model, const SessionOptions& options, std::unique_ptr<const Model> draft = nullptr);

}  // namespace saseo
