#include "cli/session.h"

#include "cli/exit_code.h"
#include "cli/json_output.h"

namespace saseo::cli {

ReadOptions Session::read_options(const std::string& password) const {
  ReadOptions options;
  options.password = password;
  options.pdf_helper = config.pdf_helper.value;
  return options;
}

int Session::fail(const Error& error, bool json) {
  if (json) {
    print_json(dump(error_json(error)));
  } else {
    console.out.flush();
    console.err.write_line(console.err_style(Style::kError, "saseo: ") +
                           without_controls(error.message));
  }
  return exit_code_of(error.code);
}

void Session::warn(const std::string& message) {
  console.out.flush();
  console.err.write_line(
      console.err_style(Style::kWarning, say("saseo: warning: ", "saseo: 주의: ")) +
      without_controls(message));
}

void Session::print_json(const std::string& line) { console.out.write_line(line); }

std::string pdf_password(const std::string& flag) {
  return flag.empty() ? process_environment("SASEO_PDF_PASSWORD").value_or("") : flag;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Result<Searcher> open_searcher(const Session& session, const RankingOptions& options) {
  return Searcher::open(session.library(), options);
}

Result<Answerer> open_answerer(const Session& session, std::unique_ptr<LanguageModel> model,
                               std::size_t context_tokens) {
  SASEO_ASSIGN_OR_RETURN(Searcher searcher, open_searcher(session));
  AnswererOptions options;
  options.context.token_budget = context_tokens;
  return Answerer(std::move(searcher), std::move(model), options);
}

}  // namespace saseo::cli
