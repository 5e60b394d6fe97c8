// A Gemma model of this machine as a ChatModel: messages -> chat template -> engine -> text. The
// model is a host's (engine/runtime/model_host.h): any number of chat models share its weights and
// what was computed of prompts, each with a session of its own while it completes, so that what a
// prompt shares with one before it (instructions, passages) is not computed again, whoever asked.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include "base/result.h"
#include "engine/model/model.h"
#include "engine/runtime/kv_store.h"
#include "engine/runtime/model_host.h"
#include "engine/runtime/session.h"
#include "generation/chat_model.h"

namespace saseo {

// Checks that the model fits with all that answering takes (check_memory() says how; limit 0: what
// the machine has) and gives the form in which it does: `wanted` with every position kept, so that
// any shared beginning is found again, or else with rings, which forget.
Result<SessionOptions> fit_local_chat(const Model& model, const SessionOptions& wanted,
                                      std::uint64_t limit = 0);
// The same for so many conversations at the same time. The weights count once.
Result<SessionOptions> fit_local_chats(const Model& model, const SessionOptions& wanted,
                                       std::uint32_t conversations, std::uint64_t limit = 0);

// What fit_local_chats() counts beside the weights, and what of it are kept prompts: the
// HostedModel's pool_bytes.
std::uint64_t local_chat_bytes(const Model& model, const SessionOptions& options,
                               std::uint32_t conversations = 1);
std::uint64_t kept_prompt_bytes(const Model& model, const SessionOptions& options,
                                std::uint32_t conversations = 1);

// The session of a lane: rewriting a follow-up takes a short prompt.
SessionOptions lane_options(const Model& model, const SessionOptions& options, Lane lane);

// Loads the host's model, where it is not loaded, to look at it, and keeps it loaded no longer than
// a call lasts. Fails when that fails, and when the vocabulary has no turn markers: not a model for
// conversations. Texts are whole UTF-8 at every piece; a character that was cut off in the middle is
// left out. A prompt that leaves no room for a token is an error with both lengths.
// The host is shared by the chat models made of it and by the application, which come and go in any
// order.
Result<std::unique_ptr<ChatModel>> make_local_chat_model(std::shared_ptr<ModelHost> host,
                                                         std::stop_token stop = {});

// A host for one model that is loaded already. `draft`: the model that the options' speculation
// names, if any. `store`: keeps beginnings of prompts on disk; of the model and of the options' type
// and arithmetic; may be empty.
std::shared_ptr<ModelHost> host_of(Model model, const SessionOptions& options,
                                   std::unique_ptr<const Model> draft = nullptr,
                                   std::unique_ptr<KvStore> store = nullptr,
                                   std::uint32_t conversations = 1);

// A chat model that alone has such a host.
Result<std::unique_ptr<ChatModel>> make_local_chat_model(
    Model model, const SessionOptions& options, std::unique_ptr<const Model> draft = nullptr,
    std::unique_ptr<KvStore> store = nullptr);

}  // namespace saseo
