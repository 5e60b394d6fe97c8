#include "app/json/json.h"

#include <nlohmann/json.hpp>

#include "base/json.h"

namespace saseo::app {

std::string dump(const Json& json) { return written_json(json); }

Json page_json(int page) { return page > 0 ? Json(page) : Json(); }

}  // namespace saseo::app
