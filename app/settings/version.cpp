#include "app/settings/version.h"

namespace saseo::app {

std::string_view version_number() { return SASEO_VERSION; }

}  // namespace saseo::app
