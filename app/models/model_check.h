// The self-test of a model file.
//
//   format    shapes, metadata and vocabulary hold together, as for every run
//   content   the files are there, with the size and SHA-256 of when they were registered
//   weights   no weight and no scale of a block is infinite or not a number
//   prepacked where there is such a file: its checksums, and that it holds these weights
//   run       a short forward pass gives numbers; tokens a second
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/models/model_loading.h"
#include "app/settings/application.h"

namespace saseo::app {

enum class CheckOutcome { kGood, kBad, kSkipped };
// "ok", "bad", "skipped": stable, for programs.
std::string_view name_of(CheckOutcome outcome);

struct ModelFinding {
  std::string name;  // "format", "content", ...: stable, for programs.
  Message title;     // For people.
  CheckOutcome outcome = CheckOutcome::kGood;
  Notice words;  // What is good about it, or what is wrong; empty where it was skipped.
  double seconds = 0;
};

struct ModelCheck {
  ModelReference reference;
  RegisteredModel facts;  // As registered; of another model as found.
  std::vector<ModelFinding> findings;
  std::optional<GenerationStats> stats;  // Of the run, where there was one.
  double load_seconds = 0;
  std::optional<ErrorCode> first_fault;

  bool healthy() const { return !first_fault; }
};

// Every part is tried, whatever an earlier one found, unless it cannot be. `on_finding` (may be
// empty) is told of each as it is found. Fails only with kCancelled, when stopped.
Result<ModelCheck> check_model(const Application& application, const ModelReference& reference,
                               const std::function<void(const ModelFinding&)>& on_finding,
                               std::stop_token stop);

}  // namespace saseo::app
