// Whether the search found what answers the question: its hits and the passages that were shown,
// against gold sections or relevant documents. ranking_metrics.h has the formulas.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "eval/records/evaluation.h"

namespace saseo::eval {

const std::vector<MetricDefinition>& finding_metric_definitions();

// Empty where the question names no gold, or nothing was searched (answers of another system). A
// second hit in a section (of a document, where documents are relevant) that was met already does
// not count again.
std::map<std::string, double> finding_metrics(const Question& question,
                                              const RecordedAnswer& answer);

}  // namespace saseo::eval
