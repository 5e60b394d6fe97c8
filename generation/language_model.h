// LanguageModel: context + question -> streamed answer text. The extractive model is embedded;
// Gemma and remote models are further implementations.
#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "generation/answer.h"
#include "index/analyzer.h"
#include "index/library.h"
#include "retrieval/context.h"

namespace saseo {

struct Turn {
  std::string question;  // As searched, subject put back.
  std::string answer;
};

struct AnswerRequest {
  std::string question;
  Language language = Language::kKorean;  // To answer in.
  const Context* context = nullptr;       // Borrowed for the call.
  std::span<const Turn> history;          // Oldest first.
  Analyzer* analyzer = nullptr;  // Borrowed; a model that compares words shares its dictionary.
};

// Receives the answer's text piece by piece; a piece never ends inside a character.
using TextSink = std::function<void(std::string_view)>;

// What a model wrote, with the passages and spans it says each stretch rests on.
struct Generated {
  std::string text;
  std::vector<Citation>
      citations;  // number, answer_span, document, span are set; the caller fills the rest.
};

// Thread-compatible.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  virtual std::string_view name() const = 0;
  // Streams to `sink` while it writes. Stopped: returns what was written, complete up to a
  // sentence.
  virtual Result<Generated> generate(const AnswerRequest& request, const Library& library,
                                     const TextSink& sink, std::stop_token stop) = 0;
};

}  // namespace saseo
