#include "generation/token_plan.h"

#include <numeric>

#include "base/message.h"

namespace saseo {

Result<TokenPlan> plan_tokens(const TokenCosts& costs, std::size_t context, std::size_t answer) {
  TokenPlan plan;
  plan.context = context;
  plan.answer = answer;
  plan.instructions = costs.instructions;
  plan.question = costs.question;
  plan.framing = costs.framing;
  plan.history = std::accumulate(costs.turns.begin(), costs.turns.end(), std::size_t{0});
  plan.passages = std::accumulate(costs.passages.begin(), costs.passages.end(), std::size_t{0});
  const auto fits = [&] { return plan.prompt() + plan.answer <= plan.context; };

  for (const std::size_t turn : costs.turns) {
    if (fits()) break;
    plan.history -= turn;
    ++plan.turns_left_out;
  }
  for (std::size_t i = costs.passages.size(); i > 1 && !fits(); --i) {
    plan.passages -= costs.passages[i - 1];
    ++plan.passages_left_out;
  }
  plan.turns_shown = costs.turns.size() - plan.turns_left_out;
  plan.passages_shown = costs.passages.size() - plan.passages_left_out;
  if (fits()) return plan;

  const std::size_t fixed = plan.instructions + plan.framing + plan.answer;
  if (fixed + plan.question > context) {
    return make_error(ErrorCode::kLimit,
                      "the question has {} tokens; beside {} of instructions and {} kept for the "
                      "answer, the context of {} has room for {}",
                      "질문이 {}토큰입니다. 지시문 {}토큰과 답변 몫 {}토큰을 빼면 문맥 {}토큰에 "
                      "{}토큰이 남습니다",
                      plan.question, plan.instructions + plan.framing, answer, context,
                      context - std::min(context, fixed))
        .advise(AdviceKind::kAskWithLessText)
        .advise(AdviceKind::kRaiseContext);
  }
  return make_error(ErrorCode::kLimit,
                    "the best passage has {} tokens; beside {} of instructions and question and {} "
                    "kept for the answer, the context of {} has room for {}",
                    "가장 알맞은 대목이 {}토큰입니다. 지시문과 질문 {}토큰, 답변 몫 {}토큰을 빼면 "
                    "문맥 {}토큰에 {}토큰이 남습니다",
                    plan.passages, plan.prompt() - plan.passages, answer, context,
                    context - (plan.prompt() - plan.passages) - answer)
      .advise(AdviceKind::kRaiseContext)
      .advise(AdviceKind::kLowerPassageTokens);
}

}  // namespace saseo
