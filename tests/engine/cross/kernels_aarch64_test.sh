#!/usr/bin/env bash
# Builds the kernels and their tests for 64-bit ARM and runs them on emulated processors:
#   kernels_aarch64_test.sh BUILD_DIR FMT_HEADERS
# Exits 77, saying so, where the cross compiler, the emulator or GoogleTest's sources are missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1 fmt_headers=$2
gtest=/usr/src/googletest/googletest
for tool in aarch64-linux-gnu-g++ qemu-aarch64; do
  if ! command -v "$tool" >/dev/null; then
    echo "Skipped: $tool is not installed (Debian: g++-aarch64-linux-gnu, qemu-user)."
    exit 77
  fi
done
if [ ! -d "$gtest" ]; then
  echo "Skipped: no $gtest (Debian: googletest)."
  exit 77
fi
cmake -S "$here" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_TOOLCHAIN_FILE="$here/aarch64.cmake" \
  -DFMT_HEADERS="$fmt_headers" -DGTEST_SOURCES="$gtest" >"$build.log"
cmake --build "$build" >>"$build.log" || { tail -n 50 "$build.log"; exit 1; }

# Processor, and the kernels that it has the instructions for.
run() {
  echo "== $1: $2"
  SASEO_EXPECTED_KERNELS=$2 qemu-aarch64 -cpu "$1" "$build/kernel_tests" --gtest_brief=1
}
run cortex-a57 "scalar"
run neoverse-n1 "scalar neon"
run max "scalar neon neoni8mm"
