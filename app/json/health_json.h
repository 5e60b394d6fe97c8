// JSON of what is in force and what is missing (docs/json.md), version 1.
#pragma once

#include <span>

#include "app/health/findings.h"
#include "app/json/json.h"

namespace saseo::app {

Json health_json(std::span<const SettingInForce> settings, std::span<const Finding> findings);

}  // namespace saseo::app
