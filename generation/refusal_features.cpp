#include "generation/refusal_features.h"

namespace saseo {

std::string_view name_of(RefusalFeature feature) {
  static constexpr std::array<std::string_view, kRefusalFeatures> kNames = {
      "score",         "coverage",       "unit",   "absent",  "topic-missing", "dense",
      "asked-missing", "device-missing", "length", "trouble", "yes-no"};
  return kNames[static_cast<std::size_t>(feature)];
}

}  // namespace saseo
