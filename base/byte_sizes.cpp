#include "base/byte_sizes.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace saseo {

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !(value >= 0)) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  double factor = 0;
  const auto is = [&](std::string_view a, std::string_view b) { return unit == a || unit == b; };
  if (is("", "B")) {
    factor = 1;
  } else if (is("K", "KiB")) {
    factor = 1024.0;
  } else if (is("M", "MiB")) {
    factor = 1024.0 * 1024;
  } else if (is("G", "GiB")) {
    factor = 1024.0 * 1024 * 1024;
  } else if (is("kB", "KB")) {
    factor = 1e3;
  } else if (unit == "MB") {
    factor = 1e6;
  } else if (unit == "GB") {
    factor = 1e9;
  } else {
    return std::nullopt;
  }
  if (value * factor >= 9e18) return std::nullopt;
  return static_cast<std::uint64_t>(value * factor);
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr double kMebi = 1024.0 * 1024.0;
  const auto value = static_cast<double>(bytes);
  if (value >= 1024 * kMebi) return fmt::format("{:.1f} GiB", value / (1024 * kMebi));
  if (value >= kMebi) return fmt::format("{:.0f} MiB", value / kMebi);
  return fmt::format("{:.0f} KiB", std::ceil(value / 1024));
}

}  // namespace saseo
