// Exit codes of `saseo`. docs/cli.md tells programs of them.
#pragma once

#include "base/result.h"

namespace saseo::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitSystem = 1;         // Output cannot be written, the disk is full.
inline constexpr int kExitUsage = 2;          // The command line is off.
inline constexpr int kExitInput = 3;          // A file or question that cannot be used; no library.
inline constexpr int kExitNotFound = 4;       // The manuals are silent, or it is unclear which.
inline constexpr int kExitLibrary = 5;        // The library is damaged, locked or too new.
inline constexpr int kExitGate = 6;           // `eval`: below --fail-under, or a regression.
inline constexpr int kExitInterrupted = 130;  // Ctrl-C, as shells count it: 128 + SIGINT.

int exit_code_of(ErrorCode code);

}  // namespace saseo::cli
