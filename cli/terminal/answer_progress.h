// What a person at a terminal sees from the question to the first words of a model file's answer:
// how far the prompt is read.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "generation/chat_model.h"

namespace saseo::cli {

// Thread-compatible. Draws nothing where standard error is no terminal.
class AnswerProgress {
 public:
  explicit AnswerProgress(Console& console) : bar_(console, true) {}

  // A question begins. The extractive model answers at once: nothing is shown then.
  void start(std::string_view model);
  void show(std::size_t done, std::size_t all);  // Tokens of the prompt.
  // show(), for the model; borrows this object.
  PromptProgress on_prompt() {
    return [this](std::size_t done, std::size_t all) { show(done, all); };
  }
  void stop();  // The first words, or the end.

 private:
  ProgressBar bar_;
  std::string model_;  // Empty: nothing is shown.
};

}  // namespace saseo::cli
