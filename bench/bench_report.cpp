#include "bench/bench_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace saseo::bench {

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

void BenchReport::describe(const std::string& name, const std::string& value) {
  properties_.emplace_back(name, value);
}

void BenchReport::add(const std::string& name, const std::string& unit, double value) {
  auto series = std::ranges::find(series_, name, &Series::name);
  if (series == series_.end()) series = series_.insert(series, {name, unit, {}});
  series->values.push_back(value);
}

std::string BenchReport::table() const {
  std::string text;
  for (const auto& [name, value] : properties_)
    fmt::format_to(std::back_inserter(text), "{:<12} {}\n", name, value);
  std::size_t width = 0;
  for (const Series& series : series_) width = std::max(width, series.name.size());
  for (const Series& series : series_) {
    const auto [least, most] = std::ranges::minmax(series.values);
    fmt::format_to(std::back_inserter(text), "{:<{}}  {:>9.2f}  {:>9.2f} .. {:<9.2f} {:<16} x{}\n",
                   series.name, width, median_of(series.values), least, most, series.unit,
                   series.values.size());
  }
  return text;
}

std::string BenchReport::json() const {
  nlohmann::ordered_json all;
  for (const auto& [name, value] : properties_) all["machine"][name] = value;
  all["series"] = nlohmann::ordered_json::array();
  for (const Series& series : series_) {
    const auto [least, most] = std::ranges::minmax(series.values);
    all["series"].push_back({{"name", series.name},
                             {"unit", series.unit},
                             {"median", median_of(series.values)},
                             {"min", least},
                             {"max", most},
                             {"values", series.values}});
  }
  return all.dump(2);
}

}  // namespace saseo::bench
