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

}  // namespace saseo::cli
