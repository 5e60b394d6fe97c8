// Command lines of the benches: "--name value value --flag".
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saseo::bench {

class Arguments {
 public:
  // nullopt when a name is none of `names` or a value stands before the first name.
  static std::optional<Arguments> parse(int argc, char** argv,
                                        std::initializer_list<std::string_view> names);

  bool has(std::string_view name) const { return values_.contains(name); }
  // Every value of the name, however often it was given.
  const std::vector<std::string>& all(std::string_view name) const;
  // The last value, or `otherwise`.
  std::string one(std::string_view name, std::string_view otherwise = {}) const;
  double number(std::string_view name, double otherwise) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace saseo::bench
