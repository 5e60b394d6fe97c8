#include "generation/chat_language_model.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "generation/citation_stream.h"
#include "generation/passage_order.h"
#include "generation/prompt.h"
#include "generation/prompt_tokens.h"
#include "generation/replies.h"
#include "generation/rewriting.h"

namespace saseo {
namespace {

constexpr std::size_t kRewritingTokens = 80;
constexpr int kNoPassage = 0;  // Passages count from 1.

class ChatLanguageModel : public LanguageModel {
 public:
  ChatLanguageModel(std::unique_ptr<ChatModel> model, const ChatLanguageOptions& options)
      : model_(std::move(model)), options_(options) {}

  std::string_view name() const override { return model_->name(); }

  Result<Generated> generate(const AnswerRequest& request, const Library& library,
                             const TextSink& sink, std::stop_token stop) override;
  Result<std::optional<Rewriting>> rewrite_followup(const AnswerRequest& request,
                                                    std::stop_token stop) override;

 private:
  struct Prompt {
    std::vector<PromptMessage> messages;
    TokenPlan plan;
    std::span<const Passage> passages;  // Those shown, best first.
    std::vector<int> order;             // Their numbers in the order of the prompt.
    std::size_t shared_text = 0;        // As CompletionRequest has it.
  };
  Result<Prompt> plan(const AnswerRequest& request, const std::stop_token& stop);
  Result<TokenCosts> costs_of(const AnswerRequest& request, std::span<const Turn> turns,
                              const std::stop_token& stop);
  Result<std::size_t> count(std::string_view text, const std::stop_token& stop);
  std::unique_ptr<ChatModel> model_;
  ChatLanguageOptions options_;
};

// The latest turns that were answered: that the manuals are silent, or that the answer was stopped
// before it began, tells nothing of the next.
std::vector<Turn> turns_to_show(std::span<const Turn> history, std::size_t most) {
  const std::string korean = silent_reply(Language::kKorean, {}),
                    english = silent_reply(Language::kEnglish, {});
  std::vector<Turn> turns;
  for (const Turn& turn : history) {
    if (!turn.answer.empty() && !turn.answer.starts_with(korean) &&
        !turn.answer.starts_with(english))
      turns.push_back(turn);
  }
  if (turns.size() > most)
    turns.erase(turns.begin(), turns.end() - static_cast<std::ptrdiff_t>(most));
  return turns;
}

// Tokens of the text alone, without the markers of a turn.
Result<std::size_t> ChatLanguageModel::count(std::string_view text, const std::stop_token& stop) {
  const PromptMessage nothing[] = {{PromptRole::kUser, ""}};
  const PromptMessage message[] = {{PromptRole::kUser, std::string(text)}};
  SASEO_ASSIGN_OR_RETURN(const std::size_t around, tokens_to_plan(*model_, nothing, stop));
  SASEO_ASSIGN_OR_RETURN(const std::size_t whole, tokens_to_plan(*model_, message, stop));
  return whole - std::min(around, whole);
}

// What each part adds to the whole prompt: tokens of texts apart do not add up to those of both.
Result<TokenCosts> ChatLanguageModel::costs_of(const AnswerRequest& request,
                                               std::span<const Turn> turns,
                                               const std::stop_token& stop) {
  const std::span<const Passage> passages = request.context->passages;
  const auto whole = [&](std::size_t passages_shown, std::size_t turns_shown) {
    return tokens_to_plan(*model_,
                          build_prompt(request.question, request.language,
                                       passages.first(passages_shown), turns.last(turns_shown)),
                          stop);
  };
  TokenCosts costs;
  SASEO_ASSIGN_OR_RETURN(costs.instructions, count(instructions_for(request.language), stop));
  SASEO_ASSIGN_OR_RETURN(costs.question, count(request.question, stop));
  SASEO_ASSIGN_OR_RETURN(std::size_t before, whole(0, 0));
  costs.framing = before - std::min(before, costs.instructions + costs.question);
  const auto add = [&](std::vector<std::size_t>& parts, const Result<std::size_t>& now) -> Status {
    SASEO_RETURN_IF_ERROR(now);
    parts.push_back(*now - std::min(*now, before));
    before = *now;
    return {};
  };
  for (std::size_t i = 1; i <= passages.size(); ++i)
    SASEO_RETURN_IF_ERROR(add(costs.passages, whole(i, 0)));
  for (std::size_t i = 1; i <= turns.size(); ++i)
    SASEO_RETURN_IF_ERROR(add(costs.turns, whole(passages.size(), i)));
  std::ranges::reverse(costs.turns);
  return costs;
}

Result<ChatLanguageModel::Prompt> ChatLanguageModel::plan(const AnswerRequest& request,
                                                          const std::stop_token& stop) {
  const std::vector<Turn> turns = turns_to_show(request.history, options_.history_turns);
  const std::size_t context = model_->context_size(Lane::kAnswer);
  const std::size_t answer = std::min(options_.max_tokens, context / 2);
  const bool keeps_prompts = model_->capabilities().keeps_prompts;
  SASEO_ASSIGN_OR_RETURN(TokenCosts costs, costs_of(request, turns, stop));
  Prompt prompt;
  std::vector<Passage> ordered;  // Numbered as the prompt has them.
  // What is left may have more tokens without what was between: that counts as framing.
  for (;;) {
    SASEO_ASSIGN_OR_RETURN(prompt.plan, plan_tokens(costs, context, answer));
    prompt.passages = std::span(request.context->passages).first(prompt.plan.passages_shown);
    ordered.clear();
    prompt.order.clear();
    for (const std::size_t i :
         keeps_prompts ? prompt_order(prompt.passages, request.read) : by_rank(prompt.passages)) {
      ordered.push_back(prompt.passages[i]);
      ordered.back().number = static_cast<int>(ordered.size());
      prompt.order.push_back(prompt.passages[i].number);
    }
    prompt.messages = build_prompt(request.question, request.language, ordered,
                                   std::span(turns).last(prompt.plan.turns_shown));
    SASEO_ASSIGN_OR_RETURN(const std::size_t whole, tokens_to_plan(*model_, prompt.messages, stop));
    if (whole + answer <= context) {
      const std::size_t parts = prompt.plan.prompt() - prompt.plan.framing;
      prompt.plan.framing = whole - std::min(whole, parts);
      break;
    }
    costs.framing += whole + answer - context;
  }
  prompt.shared_text = prompt_beginning(request.language, ordered).size();
  prompt.plan.turns_left_out = request.history.size() - prompt.plan.turns_shown;
  return prompt;
}

Result<Generated> ChatLanguageModel::generate(const AnswerRequest& request, const Library& library,
                                              const TextSink& sink, std::stop_token stop) {
  assert(request.context != nullptr);
  if (stop.stop_requested()) return Generated{};
  const Result<Prompt> planned = plan(request, stop);
  if (!planned.ok() && planned.error().code == ErrorCode::kCancelled) return Generated{};
  if (!planned.ok()) return planned.error();
  const Prompt& prompt = *planned;
  SASEO_ASSIGN_OR_RETURN(const SentenceChecker checker,
                         SentenceChecker::over(prompt.passages, library, *request.analyzer,
                                               *request.weights, options_.checks));
  // The model cites the numbers of its prompt; people see those of the ranks.
  const auto check = [&](std::string_view sentence, std::span<const int> cited) {
    std::vector<int> numbers;
    for (const int number : cited) {
      const bool shown = number >= 1 && static_cast<std::size_t>(number) <= prompt.order.size();
      numbers.push_back(shown ? prompt.order[static_cast<std::size_t>(number) - 1] : kNoPassage);
    }
    return checker.check(sentence, numbers);
  };
  CitationStream stream(check, sink);
  CompletionRequest completion;
  completion.messages = prompt.messages;
  completion.max_tokens = prompt.plan.answer;
  completion.sampling = options_.sampling;
  completion.lane = Lane::kAnswer;
  completion.on_prompt = options_.on_prompt;
  completion.shared_text = prompt.shared_text;
  SASEO_ASSIGN_OR_RETURN(const Completion completed, model_->complete(
                                                         completion,
                                                         [&](std::string_view piece) {
                                                           stream.write(piece);
                                                           return stream.wants_more();
                                                         },
                                                         stop));
  stream.finish(completed.end != CompletionEnd::kStop);

  Generated generated = stream.take();
  GenerationReport& report = generated.report;
  report.plan = prompt.plan;
  for (const PromptMessage& message : prompt.messages)
    report.prompt += (report.prompt.empty() ? "" : "\n\n") + message.text;
  report.passage_order = prompt.order;
  report.usage = completed.usage;
  report.end = completed.end;
  for (const Passage& passage :
       std::span(request.context->passages).subspan(prompt.passages.size()))
    report.passages_left_out.push_back(passage.number);
  const bool cancelled = completed.end == CompletionEnd::kCancelled;
  if (!generated.text.empty() && generated.citations.empty() && !cancelled) {
    const std::string refusal = silent_reply(request.language, *request.context);
    generated.text += refusal;
    if (sink) sink(refusal);
  }
  return generated;
}

Result<std::optional<Rewriting>> ChatLanguageModel::rewrite_followup(const AnswerRequest& request,
                                                                     std::stop_token stop) {
  if (request.history.empty() || !model_->capabilities().rewrites)
    return std::optional<Rewriting>();
  const std::vector<PromptMessage> messages =
      build_rewriting_prompt(request.question, request.language, request.history);
  Rewriting rewriting;
  // The rules go on where the prompt has no room.
  const Result<std::size_t> tokens = tokens_to_plan(*model_, messages, stop);
  if (!tokens.ok() && tokens.error().code == ErrorCode::kCancelled) return std::optional(rewriting);
  SASEO_RETURN_IF_ERROR(tokens);
  if (*tokens + kRewritingTokens > model_->context_size(Lane::kRewriting))
    return std::optional(rewriting);
  CompletionRequest completion;
  completion.messages = messages;
  completion.max_tokens = kRewritingTokens;
  completion.stop = {"\n"};
  completion.lane = Lane::kRewriting;
  completion.on_prompt = options_.on_prompt;
  SASEO_ASSIGN_OR_RETURN(const Completion completed,
                         model_->complete(
                             completion, [](std::string_view) { return true; }, stop));
  rewriting.usage = completed.usage;
  if (completed.end == CompletionEnd::kStop) {
    rewriting.question = checked_rewriting(completed.text, request.question, request.history.back(),
                                           *request.analyzer);
  }
  return std::optional(std::move(rewriting));
}

}  // namespace

std::unique_ptr<LanguageModel> make_chat_language_model(std::unique_ptr<ChatModel> model,
                                                        const ChatLanguageOptions& options) {
  return std::make_unique<ChatLanguageModel>(std::move(model), options);
}

}  // namespace saseo
