#include "bench/arguments.h"

#include <algorithm>
#include <cstdlib>

namespace saseo::bench {

std::optional<Arguments> Arguments::parse(int argc, char** argv,
                                          std::initializer_list<std::string_view> names) {
  Arguments arguments;
  std::vector<std::string>* values = nullptr;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("--")) {
      if (std::ranges::find(names, word) == names.end()) return std::nullopt;
      values = &arguments.values_[std::string(word)];
    } else if (values != nullptr) {
      values->emplace_back(word);
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

std::string Arguments::one(std::string_view name, std::string_view otherwise) const {
  const std::vector<std::string>& values = all(name);
  return values.empty() ? std::string(otherwise) : values.back();
}

double Arguments::number(std::string_view name, double otherwise) const {
  const std::vector<std::string>& values = all(name);
  return values.empty() ? otherwise : std::strtod(values.back().c_str(), nullptr);
}

}  // namespace saseo::bench
