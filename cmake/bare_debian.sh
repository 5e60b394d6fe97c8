#!/usr/bin/env bash
# Tries the project in a bare Debian 12, the smallest that debootstrap makes: what a developer's
# machine happens to have hides a package that the README's commands need and do not install.
#   bare_debian.sh [--root FOLDER] packages [--if-changed]
#       what ./demo.sh and ./test.sh install, and whether it works; --if-changed: unless this very
#       packages.sh has passed before
#   bare_debian.sh [--root FOLDER] demo           ./demo.sh as root, then as a user with sudo (long)
#   bare_debian.sh [--root FOLDER] test           ./test.sh (longer)
#   bare_debian.sh [--root FOLDER] deb FILE.deb   installs the package, asks it a question, removes
#                                                 it, runs lintian
# Works in FOLDER, which is kept for a look, or else in a temporary one. Needs root, debootstrap and
# apt sources of Debian 12, which are used inside, too; without, says SKIPPED and exits 77.
# Mounts are made in a namespace of their own and end with the script, however it ends.
# The base and the packages fetched are kept in ${XDG_CACHE_HOME:-~/.cache}/saseo; delete it to start anew.
set -euo pipefail
umask 022
release=bookworm
script=$(realpath "$0")
checkout=$(realpath "$(dirname "$script")/..")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/saseo
stamp=$cache/packages-$(sha256sum <"$checkout/cmake/packages.sh" | cut -c 1-16).passed

# --- Before: the arguments, what is missing, a namespace for the rest ---

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$script" >&2; exit 2; }
skip() { echo "SKIPPED: $*"; exit 77; }

# This machine's apt sources of the release as lines of a sources.list; third parties left out.
sources() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk -v release=$release '$1 ~ /^https?:/ && $2 ~ "^" release "(-updates|-security)?$" && $3 == "main" { print "deb", $0 }' |
    sort -u
}
mirror() { sources | awk -v release=$release '$3 == release { print $2; exit }'; }

main() {
  local folder='' status=0
  if [ "${1:-}" = --root ]; then
    folder=${2:?a folder after --root}
    shift 2
  fi
  case "${1:-} $#" in
    'packages 1' | 'demo 1' | 'test 1') ;;
    'deb 2') [ -f "$2" ] || { echo "There is no $2." >&2; exit 2; } ;;
    'packages 2')
      [ "$2" = --if-changed ] || usage
      if [ -f "$stamp" ]; then
        echo "Nothing to do: this cmake/packages.sh passed before ($stamp)."
        exit 0
      fi ;;
    *) usage ;;
  esac
  [ "$(id -u)" -eq 0 ] || skip "a bare Debian is made by root only"
  command -v debootstrap >/dev/null || skip "debootstrap is not installed"
  unshare --mount --pid --fork true 2>/dev/null || skip "this machine allows no namespace of mounts"
  [ -n "$(mirror)" ] || skip "apt has no source of Debian $release here"

  mkdir -p "$cache/archives"
  if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    # Out here nothing is mounted in it.
    trap "rm -rf '$folder'" EXIT
  fi
  mkdir -p "$folder"
  SASEO_BARE_FOLDER=$(realpath "$folder") \
    unshare --mount --propagation private --pid --fork --kill-child --mount-proc bash "$script" --inside "$@" || status=$?
  [ $status -eq 0 ] || { echo "FAILED with status $status: $*"; exit $status; }
  if [ "$1" = packages ]; then
    touch "$stamp"
    echo "Noted in $stamp"
  fi
}

# --- In the namespace: a bare Debian ---

say() { printf '== %s (%s)\n' "$*" "$(date +%H:%M:%S)"; }

# unpack NAME: makes $root, a bare Debian in the folder NAME, and gives it the network and the kernel.
unpack() {
  local base=$cache/$release-$(dpkg --print-architecture).tar name
  root=$SASEO_BARE_FOLDER/$1
  if [ -e "$root" ]; then echo "$root exists already." >&2; exit 2; fi
  mkdir -p "$root"
  if [ ! -f "$base" ]; then
    say "debootstrap"
    debootstrap --variant=minbase $release "$root" "$(mirror)" >"$root.log" 2>&1 || { tail -n 30 "$root.log"; exit 1; }
    rm -f "$root"/var/cache/apt/archives/*.deb
    tar -C "$root" --one-file-system -cf "$base.$$" .
    mv "$base.$$" "$base"
  else
    tar -C "$root" -xf "$base"
  fi
  sources >"$root/etc/apt/sources.list"
  apt-config dump | { grep -E '^Acquire::(https?::|Check-|Retries )' || true; } >"$root/etc/apt/apt.conf.d/90host"
  for name in http https; do
    local proxy=${name}_proxy
    [ -z "${!proxy:-}" ] || echo "Acquire::$name::Proxy \"${!proxy}\";" >>"$root/etc/apt/apt.conf.d/90host"
  done
  # A host that looks into TLS has a certificate for it; the bare system has none at all.
  if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/host-certificates.crt"
    echo 'Acquire::https::CAInfo "/etc/host-certificates.crt";' >>"$root/etc/apt/apt.conf.d/90host"
  fi
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  # Nobody needs this system after a power cut: dpkg need not wait for the disk.
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
  cp -al "$cache/archives/." "$root/var/cache/apt/archives/" 2>/dev/null ||
    cp -a "$cache/archives/." "$root/var/cache/apt/archives/"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
}

# What apt fetched is kept for the next run.
keep_archives() { find "$root/var/cache/apt/archives" -maxdepth 1 -name '*.deb' -exec cp -a --no-clobber -t "$cache/archives" {} +; }

# The environment of a fresh login, and what the host needs for its network and its processor.
clean_environment() {
  local name passed=()
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY "${!OPENBLAS_@}"; do
    [ -z "${!name:-}" ] || passed+=("$name=${!name}")
  done
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    NODE_EXTRA_CA_CERTS=/etc/host-certificates.crt "${passed[@]}" "$@"
}
as_root() { clean_environment HOME=/root DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"; }
as_user() { clean_environment HOME=/home/reader USER=reader chroot "$root" runuser -u reader -- env -C /home/reader "$@"; }
add() { as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

# The checkout's tracked files as they lie there: a clone, and what is not committed yet.
copy_checkout() {
  mkdir -p "$1"
  git -c safe.directory='*' -C "$checkout" ls-files -z |
    tar -C "$checkout" --null --no-recursion --ignore-failed-read -T - -c | tar -C "$1" --no-same-owner -x
}

# --- The commands ---

# All headers of libraries that the named folders include, in one source, with the flags of the build.
includes_compile() {
  as_root bash -euo pipefail -c '
    cd /home/saseo
    compiler=$1 && shift
    grep -rhoE "^#include <[^>]+>" --include=*.cpp --include=*.h "$@" | grep -vE "<(arm_|asm/)" | sort -u >/tmp/all.cpp
    mapfile -t flags < <(grep -oE -- "(-I|-isystem )/usr/[^ \"]+" build/release/compile_commands.json | sed "s/^-isystem /-I/" | sort -u)
    "$compiler" -std=c++20 -fopenmp -march=native -fsyntax-only -w "${flags[@]}" /tmp/all.cpp
    echo "$compiler: all $(wc -l </tmp/all.cpp) headers of $* compile"' - "$@"
}

product=(base engine ingest index retrieval generation eval app cli)

try_packages() {
  unpack packages
  copy_checkout "$root/home/saseo"
  as_root apt-get update -qq
  say "what ./demo.sh installs"
  as_root bash -euc 'cd /home/saseo; source cmake/packages.sh; install_packages "${build_packages[@]}"'
  keep_archives
  as_root bash -euc 'cd /home/saseo; cmake --preset release -DBUILD_TESTING=OFF -DSASEO_BENCH=OFF' >"$root/tmp/log" 2>&1 ||
    { tail -n 30 "$root/tmp/log"; exit 1; }
  includes_compile g++ "${product[@]}"
  say "what ./test.sh installs"
  as_root bash -euc 'cd /home/saseo; source cmake/packages.sh; install_packages "${build_packages[@]}" "${test_packages[@]}"'
  keep_archives
  as_root bash -euc 'cd /home/saseo; source cmake/packages.sh; check_packages'
  as_root bash -euc 'cd /home/saseo; cmake --preset release -DBUILD_TESTING=ON -DSASEO_BENCH=ON' >"$root/tmp/log" 2>&1 ||
    { tail -n 30 "$root/tmp/log"; exit 1; }
  includes_compile g++ "${product[@]}" bench tests
  includes_compile clang++ "${product[@]}" tests
  as_root bash -euo pipefail -c 'cd /tmp; chromium --headless --no-sandbox --disable-gpu --dump-dom "data:text/html,<p>opened" 2>/dev/null | grep opened' ||
    { echo "chromium opens no page"; exit 1; }
}

try_demo() {
  unpack root
  copy_checkout "$root/home/reader/saseo"
  say "./demo.sh as root"
  as_root bash -euc 'cd /home/reader/saseo; ./demo.sh'
  keep_archives
  # The build is moved, not repeated: here the packages come by sudo, and the library is the user's.
  local first=$root
  unpack user
  as_root apt-get update -qq
  add sudo
  as_root useradd --create-home --shell /bin/bash reader
  echo 'reader ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/reader"
  mv "$first/home/reader/saseo" "$root/home/reader/"
  rm -rf "$root/home/reader/saseo/build/demo-library"
  as_root chown -R reader: /home/reader/saseo
  say "./demo.sh as a user with sudo"
  as_user bash -euc 'cd saseo; ./demo.sh'
}

try_test() {
  unpack test
  copy_checkout "$root/home/saseo"
  as_root bash -euc 'cd /home/saseo; ./test.sh'
  keep_archives
}

# deb FILE.deb: without recommended packages, so that those it depends on must do.
try_deb() {
  local answer findings
  unpack deb
  cp "$1" "$root/home/"
  as_root apt-get update -qq
  say "apt-get install ./$(basename "$1")"
  add "/home/$(basename "$1")"
  as_root useradd --create-home reader
  cp "$checkout"/corpora/phone/*.pdf "$root/home/reader/"
  say "saseo as a user"
  as_user saseo version
  as_user bash -c 'saseo --lang ko ingest ./*.pdf'
  answer=$(as_user saseo --lang ko ask "다온폰 무선 충전하는 방법 알려줘")
  echo "$answer"
  grep -qE '^ \[1\] .* · [0-9]+쪽' <<<"$answer" || { echo "The answer cites no page."; exit 1; }
  as_user saseo --lang en doctor
  as_root test -s /usr/share/man/man1/saseo.1.gz
  say "apt-get purge saseo"
  as_root apt-get purge -y -qq saseo >/dev/null
  findings=$(find "$root/usr" "$root/etc" "$root/var/lib/dpkg/info" -name '*saseo*')
  [ -z "$findings" ] || { printf 'Left behind:\n%s\n' "$findings"; exit 1; }
  say "lintian"
  add lintian
  keep_archives
  as_user lintian --fail-on error,warning --tag-display-limit 0 "/home/$(basename "$1")"
  echo "lintian: neither errors nor warnings"
}

if [ "${1:-}" = --inside ]; then
  shift
  "try_$1" "${@:2}"
  say "$1: all well"
else
  main "$@"
fi
exit  # bash reads no further, should this file change meanwhile.
