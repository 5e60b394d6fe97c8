#include "cli/terminal/terminal_session.h"

#include <nlohmann/json.hpp>

#include "app/json/error_json.h"
#include "app/json/json.h"
#include "base/message.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/say.h"

namespace saseo::cli {

void TerminalListener::warn(const Notice& notice) {
  bar_.clear();
  console_.out.flush();
  console_.err.write_line(
      console_.err_style(Style::kWarning, say("saseo: warning: ", "saseo: 주의: ")) +
      without_controls(told(notice)));
}

void TerminalListener::on_bytes(const Message& what, std::uint64_t done, std::uint64_t all) {
  bar_.show_share(without_controls(say(what)), done, all);
}

void TerminalListener::on_step(const Message& text) { bar_.show_text(without_controls(say(text))); }

void TerminalListener::on_over() { bar_.clear(); }

TerminalSession::TerminalSession() {
  listener = &terminal;
  reads_ahead = console.err.is_terminal();
}

int TerminalSession::fail(const Error& error, bool json) {
  terminal.on_over();
  if (json) {
    print_json(app::dump(app::error_json(error, wording())));
  } else {
    console.out.flush();
    console.err.write_line(console.err_style(Style::kError, "saseo: ") +
                           without_controls(told(error)));
  }
  return exit_code_of(error.code);
}

void TerminalSession::print_json(const std::string& line) { console.out.write_line(line); }

std::string pdf_password(const std::string& flag) {
  return flag.empty() ? app::process_environment("SASEO_PDF_PASSWORD").value_or("") : flag;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace saseo::cli
