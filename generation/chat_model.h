// ChatModel: messages -> streamed text. The seam between answers and what writes them: the engine
// on this machine, an endpoint elsewhere, a script in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace saseo {

enum class PromptRole { kSystem, kUser, kAssistant };

// Plain text: a model's turn markers in it are text and mark no turn.
struct PromptMessage {
  PromptRole role = PromptRole::kUser;
  std::string text;
};

struct ChatSampling {
  float temperature = 0;  // 0: the most likely token, so that answers repeat.
  float top_p = 1;
  int top_k = 0;  // 0: all.
  float min_p = 0;
  float repetition_penalty = 1;
  float presence_penalty = 0, frequency_penalty = 0;
  std::uint64_t seed = 0;
};

// Prompts of one lane begin alike; what a model keeps of a prompt serves the lane's next.
enum class Lane { kAnswer, kRewriting };

// How far a prompt is computed, in tokens; reading a long one takes a processor minutes.
using PromptProgress = std::function<void(std::size_t done, std::size_t all)>;

struct CompletionRequest {
  std::span<const PromptMessage> messages;
  std::size_t max_tokens = 512;
  std::vector<std::string> stop;  // The text ends before the first of these.
  // The text is exactly one of these, as far as max_tokens and the stop token let it; empty: any
  // text. Chosen token by token: of choices of one token each, the most likely at temperature 0. A
  // model that cannot be held to them (ChatCapabilities) writes any text, which the caller reads.
  std::vector<std::string> choices;
  ChatSampling sampling;
  Lane lane = Lane::kAnswer;
  PromptProgress on_prompt;  // May be empty.
  // Bytes with which the last message begins and with which those of later prompts will, too: what
  // is worth keeping on disk (passages, not the question). 0: nothing is.
  std::size_t shared_text = 0;
};

enum class CompletionEnd {
  kStop,       // The model ended, a stop string came, or the sink had enough.
  kLength,     // max_tokens, or the context is full.
  kCancelled,  // The stop token.
};
std::string_view name_of(CompletionEnd end);  // "stop", "length", "cancelled"

struct TokenUsage {
  std::size_t prompt_tokens = 0;
  std::size_t reused_prefix_tokens = 0;  // Of the prompt, computed before and kept ...
  std::size_t stored_prefix_tokens = 0;  // ... on disk.
  std::size_t completion_tokens = 0;
  double prefill_seconds = 0;  // Until the first token.
  double decode_seconds = 0;   // For those after it.
  // Guesses at the completion's tokens (engine/runtime/speculation.h), those that were right, and
  // the passes over the weights that checked them.
  std::size_t drafted_tokens = 0, accepted_tokens = 0, draft_passes = 0;
  std::vector<std::string> store_notes;  // What of the store on disk was not used, and why.

  // Tokens a second; 0 where nothing was timed.
  double prefill_rate() const;
  double decode_rate() const;
};

struct Completion {
  std::string text;
  CompletionEnd end = CompletionEnd::kStop;
  TokenUsage usage;
};

// Receives the text piece by piece. Returns false to have no more.
using CompletionSink = std::function<bool(std::string_view)>;

// What a model can do. What it cannot, its callers do without, and nothing fails for it.
struct ChatCapabilities {
  bool local = true;           // false: what it is asked leaves this machine.
  bool counts_exactly = true;  // false: count_tokens() estimates (token_estimate.h).
  bool rewrites = true;        // Has Lane::kRewriting; false: the rules rewrite follow-ups.
  bool keeps_to_choices = true;
  bool samples = true;  // false: it chooses its words its own way, whatever ChatSampling says.
  bool keeps_prompts = true;  // false: prompts that begin alike save nothing.
};

// Thread-compatible: one completion at a time.
class ChatModel {
 public:
  virtual ~ChatModel() = default;
  virtual std::string_view name() const = 0;
  virtual ChatCapabilities capabilities() const = 0;
  // Positions of prompt and completion together.
  virtual std::size_t context_size(Lane lane) const = 0;
  // Of the whole prompt: turn markers and the opening of the model's turn included. Fails when the
  // model cannot be loaded or reached, when the messages are no conversation, or with kCancelled.
  virtual Result<std::size_t> count_tokens(std::span<const PromptMessage> messages,
                                           std::stop_token stop) = 0;
  // Stopped: what was written until then, ended by kCancelled. The pieces together are the text.
  virtual Result<Completion> complete(const CompletionRequest& request, const CompletionSink& sink,
                                      std::stop_token stop) = 0;
};

}  // namespace saseo
