// The turns of a conversation as Gemma 1-3 were trained on them:
//
//   <bos><start_of_turn>user\n{text}<end_of_turn>\n<start_of_turn>model\n{text}<end_of_turn>\n ...
//
// There is no system role: a system text stands in the first user turn, before a blank line.
// Source: the chat templates that the models' tokenizer_config.json files carry.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/vocabulary/tokenizer.h"

namespace saseo {

enum class ChatRole { kSystem, kUser, kModel };

struct ChatTurn {
  ChatRole role = ChatRole::kUser;
  std::string text;  // White space at its ends is left out, as the models' own templates do.
};

// Immutable: may be used from several threads at once. Borrows the tokenizer.
class ChatTemplate {
 public:
  // Fails when the vocabulary has no turn markers: not a model for conversations.
  static Result<ChatTemplate> create(const Tokenizer& tokenizer);

  // The ids of the turns, with one <bos>, and the opening of the model's turn after a last user
  // turn. Control tokens come from the template alone, whatever the texts hold. The ids of a
  // conversation are the beginning of those of every conversation that continues it.
  // Fails unless the turns are: at most one system, then user and model in turn.
  Result<std::vector<TokenId>> encode(std::span<const ChatTurn> turns) const;

  // The tokens that end the model's turn.
  const std::vector<TokenId>& stop_tokens() const { return stop_tokens_; }

 private:
  ChatTemplate(const Tokenizer& tokenizer, TokenId start_of_turn, TokenId end_of_turn);

  void append(std::string_view text, std::vector<TokenId>& ids) const;

  const Tokenizer* tokenizer_;
  TokenId start_of_turn_;
  TokenId end_of_turn_;
  std::vector<TokenId> stop_tokens_;
};

}  // namespace saseo
