#include "engine/model/model_config.h"

namespace saseo {

std::string_view architecture_name(Architecture architecture) {
  switch (architecture) {
    case Architecture::kGemma:
      return "gemma";
    case Architecture::kGemma2:
      return "gemma2";
    case Architecture::kGemma3:
      return "gemma3";
  }
  return "";
}

}  // namespace saseo
