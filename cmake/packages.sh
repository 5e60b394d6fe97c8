#!/usr/bin/env bash
# The Debian packages that the project needs, and a function that installs what is missing.
#   source cmake/packages.sh; install_packages "${build_packages[@]}"

build_packages=(
  g++ cmake ninja-build pkg-config
  libfaiss-dev libopenblas-dev liblapacke-dev libsqlite3-dev nlohmann-json3-dev
  libpoppler-cpp-dev libpoppler-private-dev poppler-data libicu-dev libhunspell-dev hunspell-ko libstemmer-dev
  libxml2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libcli11-dev libfmt-dev
  libtomlplusplus-dev libedit-dev libseccomp-dev libxxhash-dev libpng-dev libssl-dev
  libgtest-dev libbenchmark-dev)
test_packages=(
  clang clang-format clang-tidy libclang-rt-14-dev gcovr fonts-nanum fonts-dejavu-core
  python3 poppler-utils g++-aarch64-linux-gnu qemu-user chromium)

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
