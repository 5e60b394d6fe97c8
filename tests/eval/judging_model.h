// A judge whose verdicts a test decides from what it is shown.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "eval/judge/judge.h"

namespace saseo::eval {

// What it says and what was asked of it.
struct Judged {
  std::function<std::string(const std::string& prompt)> says;
  std::string letter = "T";  // When it is held to choices.
  std::string fail_on;       // A part of the prompt.
  std::size_t context = 100000;
  std::size_t stop_after = SIZE_MAX;  // Verdicts.
  std::stop_source stop;
  ChatCapabilities can;

  std::size_t opened = 0, held = 0;
  std::size_t letter_tokens = 0;     // It was given to say it.
  std::vector<std::string> prompts;  // Rubric left out, of the first asking.
  std::vector<std::string> choices;
  std::vector<PromptRole> last_roles;

  JudgeSpec spec();
};

// A token is a code point.
class JudgingModel : public ChatModel {
 public:
  explicit JudgingModel(Judged& judged) : judged_(judged) {}
  std::string_view name() const override { return "judging"; }
  std::size_t context_size(Lane /*lane*/) const override { return judged_.context; }
  ChatCapabilities capabilities() const override { return judged_.can; }
  Result<std::size_t> count_tokens(std::span<const PromptMessage> messages,
                                   std::stop_token /*stop*/) override {
    std::size_t tokens = 0;
    for (const PromptMessage& message : messages) tokens += count_code_points(message.text);
    return tokens;
  }
  Result<Completion> complete(const CompletionRequest& request, const CompletionSink& sink,
                              std::stop_token stop) override {
    Completion completion;
    const std::string& prompt = request.messages[1].text;
    judged_.last_roles.clear();
    for (const PromptMessage& message : request.messages)
      judged_.last_roles.push_back(message.role);
    if (!judged_.fail_on.empty() && prompt.find(judged_.fail_on) != std::string::npos)
      return Error{ErrorCode::kLimit, "out of order"};
    if (count_tokens(request.messages, stop).value() + request.max_tokens > judged_.context)
      return Error{ErrorCode::kLimit, "too long"};
    if (request.choices.empty()) {
      judged_.prompts.push_back(prompt);
      if (judged_.prompts.size() > judged_.stop_after) judged_.stop.request_stop();
      completion.text = judged_.says(prompt);
    } else {
      ++judged_.held;
      judged_.letter_tokens = request.max_tokens;
      judged_.choices = request.choices;
      completion.text = judged_.letter;
    }
    sink(completion.text);
    if (stop.stop_requested()) completion.end = CompletionEnd::kCancelled;
    return completion;
  }

 private:
  Judged& judged_;
};

inline JudgeSpec Judged::spec() {
  JudgeSpec spec;
  spec.name = "the judge";
  spec.identity = "identity of the judge";
  spec.open = [this](std::stop_token) -> Result<OpenJudge> {
    ++opened;
    OpenJudge judge;
    judge.model = std::make_unique<JudgingModel>(*this);
    return judge;
  };
  return spec;
}

}  // namespace saseo::eval
