// The host of a model file: one copy of its weights for as many conversations as there are
// (engine/runtime/model_host.h), loaded as load_model() does by the first that needs it.
#pragma once

#include <cstdint>
#include <memory>

#include "app/models/model_loading.h"
#include "app/settings/application.h"
#include "engine/runtime/model_host.h"

namespace saseo::app {

// Nothing is found or opened yet: what fails, fails for who acquires it. `conversations`: so many at
// the same time have room for their prompts, or else it is refused for want of memory. Borrows the
// application, which is told how far a large file is read.
std::shared_ptr<ModelHost> host_model(const Application& application, ModelOptions options,
                                      std::uint32_t conversations = 1,
                                      const ModelHostOptions& host = {});

}  // namespace saseo::app
