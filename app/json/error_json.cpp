#include "app/json/error_json.h"

#include <nlohmann/json.hpp>

namespace saseo::app {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid-argument";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kBadInput:
      return "bad-input";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kNeedsPassword:
      return "needs-password";
    case ErrorCode::kWrongPassword:
      return "wrong-password";
    case ErrorCode::kLimit:
      return "limit";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kDiskFull:
      return "disk-full";
    case ErrorCode::kDamaged:
      return "damaged";
    case ErrorCode::kLocked:
      return "locked";
    case ErrorCode::kTooNew:
      return "too-new";
    case ErrorCode::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

Json error_object(const Error& error) {
  return {{"code", name_of(error.code)}, {"message", error.message}};
}

Json error_json(const Error& error) {
  return {{"version", kJsonVersion}, {"error", error_object(error)}};
}

}  // namespace saseo::app
