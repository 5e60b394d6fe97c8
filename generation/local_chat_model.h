// A Gemma model file of this machine as a ChatModel: messages -> chat template -> engine -> text.
// Each lane has a session of its own; what is computed of prompts lies in a pool that they share
// (engine/runtime/kv_cache_pool.h) within the memory that fit_local_chat() counted for both, so
// that what a prompt shares with one before it (instructions, passages) is not computed again.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "engine/model/model.h"
#include "engine/runtime/kv_store.h"
#include "engine/runtime/session.h"
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
// speculation names, if any. `store`: keeps beginnings of prompts on disk; of the model and of the
// options' type and arithmetic; may be empty.
Result<std::unique_ptr<ChatModel>> make_local_chat_model(
    Model model, const SessionOptions& options, std::unique_ptr<const Model> draft = nullptr,
    std::unique_ptr<KvStore> store = nullptr);

}  // namespace saseo
