// LanguageModel: context + question -> streamed answer text. The extractive model is embedded; chat
// models write (chat_language_model.h).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "generation/answer.h"
#include "generation/conversation.h"
#include "index/analyzer.h"
#include "index/library.h"
#include "index/term_weights.h"
#include "retrieval/context.h"

namespace saseo {

struct AnswerRequest {
  std::string question;
  Language language = Language::kKorean;  // To answer in.
  const Context* context = nullptr;       // Borrowed for the call.
  std::span<const Turn> history;          // Oldest first.
  std::span<const PassagePlace> read;     // As Conversation::read.
  // For models that compare words; of the library's state that the context is of. Never null.
  Analyzer* analyzer = nullptr;
  const TermWeights* weights = nullptr;
};

// Receives the answer's text piece by piece; a piece never ends inside a character.
using TextSink = std::function<void(std::string_view)>;

// What a model wrote, with the passages and spans it says each stretch rests on.
struct Generated {
  std::string text;
  std::vector<Citation>
      citations;  // number, answer_span, document, span are set; the caller fills the rest.
  std::vector<CheckedSentence> sentences;
  bool by_chat_model = false;
  GenerationReport report;  // Of a chat model.
};

// A follow-up made into a question that stands alone.
struct Rewriting {
  std::string question;  // Empty: it did not succeed.
  TokenUsage usage;
};

// Keeps nothing between calls, so that one model serves any number of conversations, in any order.
// Thread-safe, unless what it is made of is not: a chat model completes one prompt at a time
// (chat_model.h), and so does a language model over it.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  virtual std::string_view name() const = 0;
  // Streams to `sink` while it writes. Stopped: returns what was written, complete up to a
  // sentence.
  virtual Result<Generated> generate(const AnswerRequest& request, const Library& library,
                                     const TextSink& sink, std::stop_token stop) = 0;
  // Puts the conversation's subject back into a question that leaves it out. nullopt: this model
  // cannot, ask the rules (followup.h).
  virtual Result<std::optional<Rewriting>> rewrite_followup(const AnswerRequest& /*request*/,
                                                            std::stop_token /*stop*/) {
    return std::optional<Rewriting>();
  }
};

}  // namespace saseo
