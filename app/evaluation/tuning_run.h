// `saseo eval tune`: settings of search and passages chosen on one half of the questions, judged on
// the other, and written as a profile.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "app/evaluation/evaluation_run.h"
#include "app/settings/application.h"
#include "eval/questions/question_set.h"
#include "eval/tune/tune.h"

namespace saseo::app {

struct TuningOptions {
  std::string questions;        // Of the library's manuals: .jsonl, .csv, .tsv.
  EvaluationOverrides present;  // What holds beside the profile before anything is changed.
  eval::TuneOptions tune;
};

struct TuningDone {
  eval::QuestionSet set;
  eval::Tuning tuning;
};

// Fails with kCancelled when stopped.
Result<TuningDone> run_tuning(const Application& application, const TuningOptions& options,
                              const std::function<void(const eval::TuneProgress&)>& on_progress,
                              std::stop_token stop);

// The winner as a profile that says where it comes from.
Status write_tuned_profile(const TuningDone& done, const eval::TuneOptions& options,
                           const std::filesystem::path& file, Language language);

}  // namespace saseo::app
