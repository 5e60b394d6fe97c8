// What a judge's verdicts say of contestants, and how far the judge can be trusted. docs/metrics.md
// defines each figure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "eval/records/evaluation.h"
#include "eval/records/recorded_judgement.h"
#include "eval/records/run_store.h"
#include "eval/statistics/confidence_interval.h"

namespace saseo::eval {

const std::vector<MetricDefinition>& judge_metric_definitions();

// Adds "judge-wins" to the outcomes' values, from the run's judgements by hash (judge.h). A pair of
// which a verdict is missing or failed counts for nobody.
JudgeSummary add_judge_values(std::vector<QuestionOutcome>& outcomes,
                              const std::vector<Contestant>& contestants,
                              const std::string& judge_name, const std::string& judge_identity,
                              const std::map<std::string, RecordedJudgement>& judgements,
                              const IntervalOptions& options = {});

// For people: a judge that is one of the contestants, pairs that it has not judged or failed on.
std::vector<Message> judge_warnings(const JudgeSummary& summary, const RunInfo& info,
                                    const std::vector<StoredContestant>& contestants);

}  // namespace saseo::eval
