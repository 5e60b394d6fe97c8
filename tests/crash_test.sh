#!/usr/bin/env bash
# kill -9 at random moments of an ingest, and full disks of several sizes. Each time the library must
# verify clean, keep every document that was committed, and be completed by the next run. What fails
# at each single write is tested in tests/index/crash_test.cpp; this shows that a real kill and a
# real disk are no worse.
#   [SASEO_CRASH_KILLS=12] crash_test.sh SASEO CORPORA
set -euo pipefail
saseo=$1 corpora=$2 kills=${SASEO_CRASH_KILLS:-12}
work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
export GCOV_PREFIX=$work/gcov  # A killed program's counts of covered lines are of no use.
fail() { echo "FAILED: $*" >&2; exit 1; }

# Documents of several sizes, so that kills meet reading, writing, embedding and caching.
mkdir "$work/docs"
cp "$corpora"/vacuum/*.pdf "$work/docs/"
for i in $(seq 1 5); do
  sed "s/^title:.*/title: 문서 $i/; s/^product:.*/product: 제품 $i/; $((40 * i))q" "$corpora/vacuum/manual.md" >"$work/docs/part$i.md"
done
documents=$(ls "$work/docs" | wc -l)

count() { { "$saseo" --library "$1" library list --json 2>/dev/null || true; } | { grep -o '"ingested_at"' || true; } | wc -l; }
# Exit status 3: no library yet, which is right only when nothing was committed.
verify() {
  local status=0
  "$saseo" --library "$1" library verify >"$work/verify.log" 2>&1 || status=$?
  [ $status -eq 0 ] || { [ $status -eq 3 ] && [ "$committed" -eq 0 ]; } || { cat "$work/verify.log"; fail "verify after $2"; }
}

start=$(date +%s%N)
"$saseo" --library "$work/whole" ingest "$work/docs" >/dev/null
whole_ms=$((($(date +%s%N) - start) / 1000000))
[ "$(count "$work/whole")" -eq "$documents" ] || fail "an undisturbed run keeps $(count "$work/whole") of $documents documents"

RANDOM=20260301
library=$work/library
committed=0 finished=0
for ((i = 1; i <= kills; ++i)); do
  if [ "$committed" -eq "$documents" ] && [ $((RANDOM % 2)) -eq 0 ]; then rm -rf "$library"; committed=0; fi
  "$saseo" --library "$library" ingest --again "$work/docs" >/dev/null 2>&1 &
  pid=$!
  pause=$((RANDOM % whole_ms))
  sleep "$((pause / 1000)).$(printf '%03d' $((pause % 1000)))"
  if kill -9 "$pid" 2>/dev/null; then :; else finished=$((finished + 1)); fi
  wait "$pid" 2>/dev/null || true
  [ -e "$library/library.db" ] || continue
  # Killed before the first transaction the file is empty: as good as none.
  [ -s "$library/library.db" ] || [ -s "$library/library.db-wal" ] || continue
  verify "$library" "kill $i"
  now=$(count "$library")
  [ "$now" -ge "$committed" ] || fail "kill $i: $now documents where $committed were committed"
  committed=$now
done
"$saseo" --library "$library" ingest "$work/docs" >/dev/null || fail "the run after the kills"
verify "$library" "the last run"
[ "$(count "$library")" -eq "$documents" ] || fail "the last run keeps $(count "$library") of $documents documents"
[ "$kills" -eq 0 ] || [ "$finished" -lt "$kills" ] || fail "no run was killed"
echo "$kills kills ($finished came after the end): every library verified clean, the next run completed it"

# A disk that is full at another moment each time: a small one mounted here or in a user namespace.
# A container may allow neither; there the size of a file is limited, and the system's word for that
# is another than "full".
mkdir "$work/disk"
disk=mounted
if ! mount -t tmpfs -o size=1m tmpfs "$work/disk" 2>/dev/null; then
  if [ -z "${SASEO_IN_NAMESPACE:-}" ] && unshare -rm mount -t tmpfs tmpfs "$work/disk" 2>/dev/null; then
    SASEO_IN_NAMESPACE=1 SASEO_CRASH_KILLS=0 unshare -rm "$0" "$saseo" "$corpora"
    exit
  fi
  disk=limited
fi
# Ingests onto a disk of so many KiB; then there is room again.
ingest_on_disk_of() {
  local status=0
  if [ $disk = mounted ]; then
    umount "$work/disk" && mount -t tmpfs -o size="$1"k tmpfs "$work/disk" || fail "no disk of $1 KiB"
    "$saseo" --library "$work/disk/library" ingest "$work/docs" || status=$?
    mount -o remount,size=256m "$work/disk" || fail "no larger disk"
  else
    rm -rf "$work/disk/library"
    (trap '' XFSZ; ulimit -f "$1"; exec "$saseo" --library "$work/disk/library" ingest "$work/docs") || status=$?
  fi
  return $status
}
# In percent of the whole library: full before the first document, between documents, while
# embedding, and while the caches are written.
whole_kib=$(du -sk "$work/whole" | cut -f1)
full=0
for percent in 1 20 50 80 110; do
  kib=$((whole_kib * percent / 100))
  status=0
  ingest_on_disk_of $kib >"$work/full.log" 2>&1 || status=$?
  committed=0
  if [ $status -ne 0 ]; then
    full=$((full + 1))
    [ $disk = limited ] || grep -qi 'full' "$work/full.log" ||
      { cat "$work/full.log"; fail "a disk of $kib KiB: the message does not say that it is full"; }
  fi
  if [ -s "$work/disk/library/library.db" ]; then
    verify "$work/disk/library" "a full disk of $kib KiB"
    committed=$(count "$work/disk/library")
  fi
  "$saseo" --library "$work/disk/library" ingest "$work/docs" >/dev/null || fail "the run after a full disk of $kib KiB"
  verify "$work/disk/library" "completing after $kib KiB"
  [ "$(count "$work/disk/library")" -eq "$documents" ] || fail "after $kib KiB: not all documents"
done
[ "$full" -ge 4 ] || fail "only $full disks were full: the sizes no longer fit"
echo "$full full disks ($disk): told, every library verified clean, the next run completed it"
