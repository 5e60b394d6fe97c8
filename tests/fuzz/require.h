// What must hold for every input; a breach traps, so that the fuzzer keeps the input.
#pragma once

namespace saseo {

inline void require(bool condition) {
  if (!condition) __builtin_trap();
}

}  // namespace saseo
