#include "app/json/json.h"

#include <nlohmann/json.hpp>

namespace saseo::app {

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json page_json(int page) { return page > 0 ? Json(page) : Json(); }

}  // namespace saseo::app
