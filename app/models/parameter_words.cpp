#include "app/models/parameter_words.h"

#include <fmt/format.h>

namespace saseo::app {

std::string parameter_words(std::uint64_t parameters) {
  const auto count = static_cast<double>(parameters);
  return count >= 1e9   ? fmt::format("{:.1f}B", count / 1e9)
         : count >= 1e7 ? fmt::format("{:.0f}M", count / 1e6)
         : count >= 1e6 ? fmt::format("{:.1f}M", count / 1e6)
                        : fmt::format("{:.0f}K", count / 1e3);
}

}  // namespace saseo::app
