// JSON of models (docs/json.md), version 1.
#pragma once

#include "app/json/json.h"
#include "app/models/model_check.h"
#include "engine/model/model.h"
#include "engine/registry/model_registry.h"
#include "engine/runtime/memory_plan.h"
#include "engine/runtime/session.h"

namespace saseo::app {

// "unchanged", "changed", "missing".
std::string_view name_of(FilesState state);

// A model of the registry, or one that could be, with how its files stand now.
Json registered_json(const RegisteredModel& model, const ModelRegistry& registry);
// What the opened file says: shape, metadata, tensors.
Json inside_json(const Model& model);
Json memory_json(const MemoryNeed& need);
Json model_check_json(const ModelCheck& check);
Json timings_json(const GenerationStats& stats, double load_seconds);

}  // namespace saseo::app
