// The sections of the HTML report, each as HTML. Every text of an evaluation in them is escaped.
// No style attributes: the page's Content-Security-Policy knows its style sheet alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eval/report/passage_shelf.h"
#include "eval/report/view.h"
#include "eval/report/words.h"

namespace saseo::eval {

// <section id="ID"><h2>TITLE</h2>BODY</section>; empty when the body is.
std::string section(std::string_view id, std::string_view title, const std::string& body);
// The i-th contestant's name with its mark: a shape and a colour.
std::string who(const EvaluationView& view, std::size_t i);
// Its index among the contestants; their number when it is none of them.
std::size_t index_of(const EvaluationView& view, std::string_view contestant);
// "9B less 2B", as the head of a column of differences.
std::string less(const EvaluationView& view, const Pair& pair);
// Label, unit and direction of a metric for the head of a row.
std::string metric_name(const Words& words, const MetricDefinition& metric, const Scale& scale);
// A value with its interval, as a table cell.
std::string estimate_cell(const MetricSummary* summary, const Scale& scale,
                          std::string_view classes = "num");
// A difference with its interval, drawn and marked when significant. `reach`: of the drawing's axis
// to either side of 0; 0 draws nothing.
std::string difference_cell(const Words& words, const Comparison* comparison,
                            const MetricDefinition& metric, const Scale& scale, double reach);

std::string contestant_cards(const EvaluationView& view, const Words& words);
std::string metric_section(const EvaluationView& view, const Words& words);
std::string tradeoff_section(const EvaluationView& view, const Words& words);
std::string distribution_section(const EvaluationView& view, const Words& words);
std::string slice_section(const EvaluationView& view, const Words& words);
std::string cost_section(const EvaluationView& view, const Words& words);
std::string question_section(const EvaluationView& view, const Words& words, PassageShelf& shelf);
// Shown by the script alone: without it, nothing could be filtered.
std::string filter_form(const EvaluationView& view, const Words& words);
// JSON for the inside of a <script>: by question, the values of the form's metrics by contestant,
// who refused and who failed.
std::string filter_data(const EvaluationView& view);
// Empty where nothing was judged.
std::string judge_section(const EvaluationView& view, const Words& words);
std::string provenance_section(const EvaluationView& view, const Words& words);

}  // namespace saseo::eval
