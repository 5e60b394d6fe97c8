// Conversation: what was asked and answered so far. A plain value that whoever holds the
// conversation (a shell, a session of a server, a question of an evaluation) owns, copies and keeps
// field by field. The answerer only reads it: the owner adds an answer when it counts as said.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "generation/passage_order.h"

namespace saseo {

struct Answer;

struct Turn {
  std::string question;  // As searched, subject put back.
  std::string answer;
};

struct Conversation {
  static constexpr std::size_t kMaxTurns = 20;  // Older ones are forgotten.

  std::vector<Turn> turns;  // Oldest first.
  std::string product;      // Talked about; empty before an answer.
  // What the last prompt for a chat model read, in its order: the next one begins alike.
  std::vector<PassagePlace> read;

  // As if the turn had just been; `about` is the product talked about, if any was.
  void remember(Turn turn, std::string_view about);
  void remember(const Answer& answer);
};

}  // namespace saseo
