// An evaluation as Markdown (GitHub's), to read in a merge request or to paste into a page.
#pragma once

#include <string>

#include "base/message.h"
#include "eval/records/evaluation.h"

namespace saseo::eval {

struct MarkdownReportOptions {
  Language language = Language::kEnglish;  // Korean, else English.
  std::size_t max_questions = 10;          // Of the worst disagreements, with their answers.
};

// Texts of questions, answers and manuals are escaped.
std::string markdown_report(const Evaluation& evaluation,
                            const MarkdownReportOptions& options = {});

}  // namespace saseo::eval
