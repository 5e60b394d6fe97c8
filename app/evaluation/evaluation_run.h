// `saseo eval QUESTIONS`: asks every question of every contestant and keeps the answers as a run.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/models/answering_model.h"
#include "app/settings/application.h"
#include "eval/judge/judge.h"
#include "eval/records/run_store.h"
#include "eval/run/runner.h"
#include "index/ingest_run.h"

namespace saseo::app {

// What one evaluation sets beside the profile.
struct EvaluationOverrides {
  std::optional<std::size_t> context_tokens, passages;
  std::optional<double> threshold;
};
eval::SearchSettings search_settings(const Application& application,
                                     const EvaluationOverrides& overrides);

struct EvaluationOptions {
  std::string questions;             // A question set: file or folder.
  std::vector<std::string> models;   // Empty: who answers `ask`.
  std::vector<std::string> answers;  // Files of other systems' answers.
  std::string judge;                 // A model that compares the answers; empty: none.
  std::string run;                   // Empty: named after the questions.
  std::string split;                 // "dev", "test"; empty: all.
  EvaluationOverrides search;
  AnsweringOptions answering;
};

// Each may be empty.
struct EvaluationObserver {
  std::function<void(const IngestProgress&)> on_ingest;  // Of documents that come with the set.
  std::function<void(const eval::RunProgress&)> on_progress;
};

struct EvaluationDone {
  eval::RunStore run;
  std::filesystem::path file;  // Of the run.
  std::size_t questions = 0;
  eval::RunReport asked;
  std::string judge;  // Its name; empty: none was asked.
  eval::JudgeReport judged;
};

// All that can fail before the first question is asked does so at once. A question that fails is a
// warning. Fails with kCancelled when stopped; the answers given so far are in the run.
Result<EvaluationDone> run_evaluation(const Application& application,
                                      const EvaluationOptions& options,
                                      const EvaluationObserver& observer, std::stop_token stop);

}  // namespace saseo::app
