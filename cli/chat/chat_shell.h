// The conversation: questions, and commands that begin with '/'.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/library/opening.h"
#include "app/library/search_filter.h"
#include "app/models/answering_model.h"
#include "app/models/mapped_file_guard.h"
#include "cli/arguments/filter_arguments.h"
#include "cli/terminal/answer_progress.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/terminal_session.h"

namespace saseo::cli {

struct ChatOptions {
  app::FilterChoice filter;
  app::AnsweringOptions model;
  std::string password;
};

class ChatShell {
 public:
  // `progress`: what the model shows its prompts on.
  ChatShell(TerminalSession& session, app::OpenLibrary library,
            std::unique_ptr<LanguageModel> model, AnswerProgress& progress, Interrupts& interrupts,
            const ChatOptions& options);

  // Answers one line or carries out its command; false when it was /quit.
  bool handle(const std::string& line);
  // What the next question is limited to, for the prompt; empty: nothing.
  std::string filter_words() const;

 private:
  void ask(const std::string& question);
  void command(std::string_view name, const std::string& rest);
  void help();
  void sources();
  void explain();
  void quote(const std::string& which);
  void open(const std::string& which);
  void draw_page(const std::string& which);
  void change_filter(const std::string& change);
  void set_product(const std::string& name);
  void change_model(const std::string& name);
  void save(const std::string& file);
  Status apply(const app::FilterChoice& wanted);
  std::optional<int> source_number(const std::string& text);
  void say_line(const std::string& text);

  TerminalSession& session_;
  AnswerProgress& progress_;
  app::OpenLibrary library_;
  std::unique_ptr<LanguageModel> model_;
  Conversation conversation_;
  Interrupts& interrupts_;
  ChatOptions options_;
  Filter filter_;
  std::vector<Answer> answers_;  // Since the beginning, for /save; the last one has the sources.
};

}  // namespace saseo::cli
