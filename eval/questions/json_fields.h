// JSON from outside, field by field: what is missing or of another type is a fault with its place,
// and the reader goes on.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "eval/questions/faults.h"

namespace saseo::eval {

// The text as JSON. A fault, with line and column for texts of several lines, when it is none, is
// nested more than 64 deep, or an object at its top has a name twice. Never throws.
std::optional<nlohmann::json> parse_json(std::string_view text, const Message& place,
                                         Faults& faults);

// "a number (12)", "text ("abc")", "null".
Message describe(const nlohmann::json& value);

// Checks a text: no NUL character. A fault otherwise. Returns it in NFC.
std::string checked_text(const std::string& text, const Message& place, Faults& faults);

// The members of an object. Names asked for count as known. A member that is null is absent.
class JsonFields {
 public:
  // Borrows all three. `path`: of the object in its line, "gold[0]."; empty at its top.
  JsonFields(const nlohmann::json& object, Message place, Faults& faults, std::string path = {});

  // Those of an object within this one; `name`: of the member, "gold[0]".
  JsonFields inside(const nlohmann::json& object, std::string_view name) const;

  const nlohmann::json* get(const std::string& name);
  // Empty when absent; a fault when of another type, or absent or blank though required.
  std::string text(const std::string& name);
  std::string required_text(const std::string& name);
  // Text or a whole number, as ids are written.
  std::string id(const std::string& name);
  // A text, or an array of texts.
  std::vector<std::string> texts(const std::string& name);
  std::optional<bool> flag(const std::string& name);
  std::optional<double> number(const std::string& name);
  // Whole numbers from 1: one, or an array.
  std::vector<int> page_numbers(const std::string& name);
  void ignore(std::initializer_list<std::string_view> names);
  std::vector<std::string> unknown() const;

  Message place_of(std::string_view name) const;
  Faults& faults() { return faults_; }
  template <typename... Args>
  void fault(std::string_view name, MessageText<Args...> english, MessageText<Args...> korean,
             const Args&... args) {
    faults_.add<Args...>(place_of(name), english, korean, args...);
  }
  void expect(std::string_view name, std::string_view expected_en, std::string_view expected_ko,
              const nlohmann::json& found);

 private:
  const nlohmann::json& object_;
  Message place_;
  std::string path_;
  Faults& faults_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace saseo::eval
