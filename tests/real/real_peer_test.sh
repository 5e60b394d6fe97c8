#!/usr/bin/env bash
# Gemma 3 270M on this engine beside an independent one: choices at every position of three prompts,
# the logits of the last position, and greedy continuations.
#   real_peer_test.sh BUILD
# Exits 77, saying so, where the weights or that engine are out of reach.
set -euo pipefail
build=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
# How far the last position's logits may lie from the peer's, relative to their size: both round
# activations to 8 bits, in blocks of other sizes.
tolerance=0.15

model=$("$here/fetch_gemma.sh") || { status=$?; echo "$model"; exit $status; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/../engine/peer/{package.json,package-lock.json,compute.mjs} "$work"
cat >"$work/texts.json" <<'JSON'
["배터리를 오래 쓰려면 화면 밝기를 낮추고, 쓰지 않는 기능을",
 "To charge the phone without a cable, place it on the charger so that",
 "1. 전원 버튼을 3초 동안 누르세요.\n2. 화면에"]
JSON
cd "$work"
if ! npm install --no-save --ignore-scripts --omit=optional --omit=peer --no-audit --no-fund >npm.log 2>&1; then
  echo "SKIPPED: the independent engine is out of reach (npm):"
  tail -n 3 npm.log
  exit 77
fi
node compute.mjs --texts texts.json . "$model"
"$build/bin/model_parity" --expected "$(basename "$model" .gguf).json" --tolerance $tolerance "$model"
