// A model file, put on the list of registered models.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "app/settings/application.h"
#include "engine/registry/model_registry.h"

namespace saseo::app {

// `place`: a GGUF file, a folder, ollama:NAME:TAG or hf:ORG/NAME. Without a name one is made from
// the file's title; a model at the same path is renamed when one is given. The file is opened and
// its content hashed; nothing is copied. Fails with kCancelled when stopped.
Result<RegisteredModel> register_model(const Application& application, const std::string& place,
                                       const std::optional<std::string>& name,
                                       std::stop_token stop);

}  // namespace saseo::app
