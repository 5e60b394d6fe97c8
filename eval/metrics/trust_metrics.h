// Whether an answer can be trusted and what it cost, from what the run recorded; docs/metrics.md
// defines each. A metric that does not apply to a question or an answer is absent.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "eval/records/evaluation.h"

namespace saseo::eval {

const std::vector<MetricDefinition>& trust_metric_definitions();
std::map<std::string, double> trust_metrics(const Question& question, const RecordedAnswer& answer);

const std::vector<MetricDefinition>& cost_metric_definitions();
std::map<std::string, double> cost_metrics(const Cost& cost);

}  // namespace saseo::eval
