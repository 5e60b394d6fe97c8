#include "app/json/health_json.h"

#include <nlohmann/json.hpp>

#include "engine/kernels/distance.h"
#include "engine/kernels/matmul.h"

namespace saseo::app {

Json health_json(std::span<const SettingInForce> settings, std::span<const Finding> findings) {
  Json in_force = Json::object(), health = Json::array(), runnable = Json::array();
  for (const SaseoMatmulKernels* kernels : runnable_matmul_kernels())
    runnable.push_back(kernels->name);
  for (const SettingInForce& setting : settings)
    in_force[setting.name] = {{"value", setting.value}, {"source", setting.source}};
  for (const Finding& finding : findings)
    health.push_back({{"name", finding.name},
                      {"status", name_of(finding.health)},
                      {"value", finding.value},
                      {"remedy", finding.remedy}});
  return {{"version", kJsonVersion},
          {"healthy", is_usable(findings)},
          {"settings", std::move(in_force)},
          {"kernels", distance_kernel_name()},
          {"model_kernels", matmul_kernels().name},
          {"runnable_kernels", std::move(runnable)},
          {"findings", std::move(health)}};
}

}  // namespace saseo::app
