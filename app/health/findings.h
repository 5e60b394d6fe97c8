// What is in force, where each value comes from, what is missing, and what to do about it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/settings/application.h"

namespace saseo::app {

enum class Health { kGood, kMissing, kBad };
// "ok", "missing", "bad": stable, for programs.
std::string_view name_of(Health health);

struct Finding {
  std::string name;   // Stable, for programs.
  std::string title;  // For people.
  Health health = Health::kGood;
  std::string value;      // What was found.
  std::string remedy;     // What to do; empty when all is well.
  bool unusable = false;  // The library or the list of models cannot be used at all.
};

// In a fixed order; of what is not set (a profile, a folder of prompts) there is no finding.
std::vector<Finding> look_for_findings(const Application& application);
// Whether what every question needs can be used.
bool is_usable(std::span<const Finding> findings);

struct SettingInForce {
  std::string name, value, source;
};
std::vector<SettingInForce> settings_in_force(const Application& application);

}  // namespace saseo::app
