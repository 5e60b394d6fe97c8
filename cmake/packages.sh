#!/usr/bin/env bash
# The Debian packages that the project needs, a function that installs what is missing, and one that
# checks that it works. After a change here, cmake/bare_debian.sh packages tries the lists on a
# system that has nothing else.
#   source cmake/packages.sh; install_packages "${build_packages[@]}" "${test_packages[@]}"; check_packages

build_packages=(
  g++ cmake ninja-build pkg-config
  libfaiss-dev libopenblas-dev liblapacke-dev libsqlite3-dev nlohmann-json3-dev
  libpoppler-cpp-dev libpoppler-private-dev poppler-data libicu-dev libhunspell-dev hunspell-ko libstemmer-dev
  libxml2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libcli11-dev libfmt-dev
  libtomlplusplus-dev libedit-dev libseccomp-dev libxxhash-dev libpng-dev libssl-dev
  libgtest-dev libbenchmark-dev)
# libomp-dev: clang has its own <omp.h>, which FAISS's headers include.
test_packages=(
  ccache clang clang-format clang-tidy libclang-rt-14-dev libomp-dev llvm gcovr fonts-nanum fonts-dejavu-core
  python3 poppler-utils g++-aarch64-linux-gnu qemu-user chromium)
# A Node.js from elsewhere brings an npm that Debian's packages shut out.
command -v npm >/dev/null || test_packages+=(nodejs npm ca-certificates)

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing; install them as root: ${missing[*]}" >&2; return 1; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get -o Acquire::Retries=3 update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Fails, naming the package, where a tool of the build or of the tests does not do what they ask of
# it: a package of the lists lacks another one, or a program of the same name comes before Debian's.
# Takes a few seconds, so that this is not found out half an hour later.
check_packages() {
  local work status=0
  work=$(mktemp -d)

  try_package g++ g++ --version
  try_package cmake cmake --version
  try_package cmake ctest --version
  try_package ninja-build ninja --version
  try_package pkg-config pkg-config --version
  try_package ccache ccache --version
  try_package clang-format clang-format --version
  try_package clang-tidy clang-tidy --version
  try_package llvm llvm-cov --version
  try_package gcovr gcovr --version
  try_package python3 /usr/bin/python3 -c 'import json, subprocess, xml.etree.ElementTree'
  try_package poppler-utils pdfinfo -v
  try_package poppler-utils pdftotext -v
  try_package nodejs node --version
  try_package npm npm --version
  try_package chromium chromium --version
  try_package googletest test -f /usr/src/googletest/googletest/src/gtest-all.cc

  try_package g++ g++ -fsanitize=address,undefined -x c++ - -o "$work/program" <<<'int main() {}'
  try_package g++ g++ -fsanitize=thread -x c++ - -o "$work/program" <<<'int main() {}'
  try_package libomp-dev clang++ -fopenmp -fsyntax-only -x c++ - <<<'#include <omp.h>'
  try_package libfaiss-dev clang++ -std=c++20 -fopenmp -fsyntax-only -x c++ - <<<'#include <faiss/IndexHNSW.h>'
  try_package libclang-rt-14-dev clang++ -fsanitize=fuzzer,address,undefined -x c++ - -o "$work/program" \
    <<<'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }'
  try_package g++-aarch64-linux-gnu aarch64-linux-gnu-g++ -static -x c++ - -o "$work/program" <<<'int main() {}'
  try_package qemu-user qemu-aarch64 "$work/program"

  rm -rf "$work"
  [ $status -eq 0 ] && echo "every tool of the build and the tests works"
  return $status
}

# try_package PACKAGE COMMAND...: for check_packages alone, whose `work` and `status` it uses.
try_package() {
  local package=$1
  shift
  "$@" >"$work/output" 2>&1 && return 0
  status=1
  printf 'Debian package %s: "%s" fails, in %s:\n' "$package" "$*" "$(type -P "$1" || echo 'no folder of the PATH')"
  tail -n 5 "$work/output" | sed 's/^/    /'
}
