// Where other programs keep the model files that they have downloaded.
#pragma once

#include "app/settings/config.h"
#include "engine/registry/model_registry_sources.h"

namespace saseo::app {

// Where Ollama ($OLLAMA_MODELS, ~/.ollama, its service's home) and Hugging Face ($HF_HUB_CACHE,
// $HF_HOME, ~/.cache/huggingface) keep models.
ModelStores model_stores(const Environment& environment);

}  // namespace saseo::app
