#include "app/settings/model_stores.h"

namespace saseo::app {

ModelStores model_stores(const Environment& environment) {
  ModelStores stores;
  const std::filesystem::path home = environment("HOME").value_or("/");
  if (const auto set = environment("OLLAMA_MODELS")) stores.ollama.emplace_back(*set);
  stores.ollama.push_back(home / ".ollama" / "models");
  stores.ollama.emplace_back("/usr/share/ollama/.ollama/models");
  if (const auto set = environment("HF_HUB_CACHE")) stores.hugging_face.emplace_back(*set);
  if (const auto set = environment("HF_HOME"))
    stores.hugging_face.push_back(std::filesystem::path(*set) / "hub");
  stores.hugging_face.push_back(home / ".cache" / "huggingface" / "hub");
  return stores;
}

}  // namespace saseo::app
