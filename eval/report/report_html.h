// An evaluation as one HTML file that needs nothing else: no network, no script to be read, light
// and dark, on screen and on paper. What models and manuals wrote is shown as text and nothing
// more.
#pragma once

#include <string>

#include "base/message.h"
#include "eval/records/evaluation.h"

namespace saseo::eval {

struct HtmlReportOptions {
  Language language = Language::kEnglish;  // Of headings and notes: Korean, else English.
  // Of passages that were found but not cited, their text is left out once all passages come to
  // this many bytes.
  std::size_t max_passage_bytes = 1'200'000;
};

// Well-formed as XML apart from its style and script. Thread-safe.
std::string html_report(const Evaluation& evaluation, const HtmlReportOptions& options = {});

}  // namespace saseo::eval
