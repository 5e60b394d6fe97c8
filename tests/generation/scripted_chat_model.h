// A chat model that says what the test wrote down, in pieces of a given size, and remembers what it
// was asked.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/message.h"
#include "base/utf8.h"
#include "generation/chat_model.h"

namespace saseo {

struct ScriptedChat {
  std::vector<std::string> replies;  // One a completion; the last is said again.
  std::size_t piece = 5;             // Bytes: pieces may end inside a character.
  std::size_t context = 100000;
  std::vector<std::vector<PromptMessage>> prompts;  // As asked.
  std::vector<std::size_t> max_tokens;
  std::vector<Lane> lanes;
  std::vector<std::size_t> shared_texts;
  std::vector<std::vector<std::string>> choices;
  bool all_said = true;  // Of the last reply.
  ChatCapabilities can;
  std::string count_fails_on;  // A part of a message; empty: nothing.
};

// A token is a code point of the text; a message has four around it. Held to choices, it says the
// first where the reply is none of them, unless it cannot be held.
class ScriptedChatModel : public ChatModel {
 public:
  explicit ScriptedChatModel(ScriptedChat& chat) : chat_(chat) {}

  std::string_view name() const override { return "scripted"; }
  std::size_t context_size(Lane /*lane*/) const override { return chat_.context; }
  ChatCapabilities capabilities() const override { return chat_.can; }
  Result<std::size_t> count_tokens(std::span<const PromptMessage> messages,
                                   std::stop_token /*stop*/) override {
    std::size_t tokens = 0;
    for (const PromptMessage& message : messages) {
      if (!chat_.count_fails_on.empty() &&
          message.text.find(chat_.count_fails_on) != std::string::npos)
        return Error{ErrorCode::kIo, untranslated("cannot count")};
      tokens += count_code_points(message.text) + 4;
    }
    return tokens;
  }
  Result<Completion> complete(const CompletionRequest& request, const CompletionSink& sink,
                              std::stop_token stop) override {
    const std::string& written =
        chat_.replies[std::min(chat_.prompts.size(), chat_.replies.size() - 1)];
    const bool free = request.choices.empty() || !chat_.can.keeps_to_choices ||
                      std::ranges::find(request.choices, written) != request.choices.end();
    const std::string& reply = free ? written : request.choices.front();
    chat_.prompts.emplace_back(request.messages.begin(), request.messages.end());
    chat_.max_tokens.push_back(request.max_tokens);
    chat_.lanes.push_back(request.lane);
    chat_.shared_texts.push_back(request.shared_text);
    chat_.choices.push_back(request.choices);
    Completion completion;
    completion.usage.prompt_tokens = count_tokens(request.messages, stop).value();
    chat_.all_said = true;
    for (std::size_t i = 0; i < reply.size(); i += chat_.piece) {
      if (stop.stop_requested()) {
        completion.end = CompletionEnd::kCancelled;
        break;
      }
      if (completion.usage.completion_tokens == request.max_tokens) {
        completion.end = CompletionEnd::kLength;
        break;
      }
      const std::string piece = reply.substr(i, chat_.piece);
      completion.text += piece;
      ++completion.usage.completion_tokens;
      if (!sink(piece)) {
        chat_.all_said = i + chat_.piece >= reply.size();
        break;
      }
    }
    return completion;
  }

 private:
  ScriptedChat& chat_;
};

}  // namespace saseo
