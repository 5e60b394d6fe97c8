#include "cli/terminal/exit_code.h"

namespace saseo::cli {

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return kExitUsage;
    case ErrorCode::kNotFound:
    case ErrorCode::kBadInput:
    case ErrorCode::kUnsupported:
    case ErrorCode::kNeedsPassword:
    case ErrorCode::kWrongPassword:
    case ErrorCode::kLimit:
    case ErrorCode::kIo:
      return kExitInput;
    case ErrorCode::kDiskFull:
      return kExitSystem;
    case ErrorCode::kDamaged:
    case ErrorCode::kLocked:
    case ErrorCode::kTooNew:
      return kExitLibrary;
    case ErrorCode::kCancelled:
      return kExitInterrupted;
  }
  return kExitSystem;
}

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

}  // namespace saseo::cli
