// --batch FILE: one JSON object a line in, one a line out.
//
//   {"id": "q1", "question": "...", "product": "...", "document": "..." or [..], "language": "ko",
//    "pages": "10-20"}
//
// `id` is any JSON value and comes back as it is; the last four are optional filters.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/json/json.h"
#include "app/library/search_filter.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/terminal_session.h"

namespace saseo::cli {

struct BatchLine {
  std::string id = "null";  // As JSON; null when the line has none.
  std::string question;
  app::FilterChoice filter;  // Fields that the line lacks keep the command line's value.
};

// Fails with kBadInput when the line is no such object; `id` is set as far as it could be read.
Status parse_batch_line(std::string_view text, const app::FilterChoice& given, BatchLine& line);

// What one line is answered with.
using BatchStep = std::function<Result<app::Json>(const BatchLine&)>;

// Reads the file ("-": standard input) to its end or until interrupted. A line that fails gives
// {"id", "error"} and the run goes on. Gives the exit code: 0, or 3 when a line failed.
int run_batch(TerminalSession& session, const std::string& file, const app::FilterChoice& given,
              const Interrupts& interrupts, const BatchStep& step);

}  // namespace saseo::cli
