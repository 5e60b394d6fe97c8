#include "generation/conversation.h"

#include <algorithm>
#include <utility>

#include "generation/answer.h"

namespace saseo {
namespace {

// Empty where the answer leaves it open.
std::string product_talked_about(const Answer& answer) {
  switch (answer.product.decision) {
    case ProductDecision::kNamed:
    case ProductDecision::kWins:
    case ProductDecision::kFiltered:
      return answer.product.product;
    default:
      return answer.found && !answer.citations.empty() ? answer.citations.front().info.product : "";
  }
}

}  // namespace

void Conversation::remember(Turn turn, std::string_view about) {
  if (turns.size() >= kMaxTurns) turns.erase(turns.begin());
  turns.push_back(std::move(turn));
  if (!about.empty()) product = about;
}

void Conversation::remember(const Answer& answer) {
  remember(Turn{answer.question, answer.text}, product_talked_about(answer));
  if (!answer.generation) return;
  read.clear();
  for (const int number : answer.generation->passage_order) {
    const auto shown = std::ranges::find(answer.context.passages, number, &Passage::number);
    if (shown != answer.context.passages.end()) read.push_back(place_of(*shown));
  }
}

}  // namespace saseo
