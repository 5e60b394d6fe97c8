// Result<T>: a value, or an Error that says what, where, expected, found and what to do next.
// Everything that reads outside bytes (files, user text, a child process) returns one; broken
// preconditions assert instead. Libraries never print, exit or abort.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"

namespace saseo {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return assert(ok()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(ok()), *std::get_if<0>(&state_); }
  // By value: `for (x : f().value())` must not walk a dead temporary.
  T value() && { return assert(ok()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return assert(!ok()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!ok()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return assert(!ok()), *error_; }
  Error&& error() && { return assert(!ok()), std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace saseo

// Evaluates an expression that gives a Result and returns its error from the enclosing function.
#define SASEO_CONCAT_INNER(a, b) a##b
#define SASEO_CONCAT(a, b) SASEO_CONCAT_INNER(a, b)
#define SASEO_RETURN_IF_ERROR(expression)                                              \
  do {                                                                                 \
    if (auto status_ = (expression); !status_.ok()) return std::move(status_).error(); \
  } while (false)
// SASEO_ASSIGN_OR_RETURN(auto file, open(path));
#define SASEO_ASSIGN_OR_RETURN(declaration, expression)        \
  auto SASEO_CONCAT(result_, __LINE__) = (expression);         \
  if (!SASEO_CONCAT(result_, __LINE__).ok())                   \
    return std::move(SASEO_CONCAT(result_, __LINE__)).error(); \
  declaration = std::move(SASEO_CONCAT(result_, __LINE__)).value()
