// Models as text for people at a terminal.
#pragma once

#include <string>

#include "cli/terminal/terminal.h"
#include "engine/model/model.h"
#include "engine/registry/model_registry.h"
#include "engine/runtime/memory_plan.h"

namespace saseo::cli {

std::string models_view(const ModelRegistry& registry, const Console& console);
// One model: what is registered, and what the file says. `registered` may be nullptr.
std::string model_view(const Model& model, const RegisteredModel* registered,
                       const MemoryNeed& need, std::uint32_t context, const Console& console);

}  // namespace saseo::cli
