#!/usr/bin/env bash
# Real weights on this engine: Gemma 3 270M passes the checks of `models check`, computes what an
# independent engine computes from the same file, continues a sentence as that engine does, and the
# same on every kernel of this processor.
#   real_test.sh BUILD
# Exits 77, saying so, where the weights are out of reach.
set -euo pipefail
build=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
# How far the last position's logits may lie from the peer's, relative to their size: both round
# activations to 8 bits, in blocks of other sizes.
tolerance=0.15

model=$("$here/fetch_gemma.sh") || { status=$?; echo "$model"; exit $status; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work XDG_STATE_HOME=$work
saseo=$build/bin/saseo
fail() { echo "FAILED: $*"; exit 1; }

"$saseo" models check "$model"

prompt="The capital of France is"
"$saseo" generate -m "$model" --raw --temperature 0 -n 12 "$prompt" >"$work/text" 2>"$work/generate.log" ||
  { cat "$work/generate.log"; fail "generate"; }
grep -q Paris "$work/text" || { cat "$work/text"; fail "\"$prompt\" goes on without Paris"; }
for kernels in avx2 avx512 avx512vnni neon; do
  SASEO_KERNELS=$kernels "$saseo" generate -m "$model" --raw --temperature 0 -n 12 "$prompt" >"$work/other" 2>/dev/null
  cmp -s "$work/text" "$work/other" || { cat "$work/text" "$work/other"; fail "on $kernels other words are written"; }
done
echo "$(tr -d '\n' <"$work/text") - the same on every kernel of this processor"

cp "$here"/../engine/peer/{package.json,package-lock.json,compute.mjs} "$work"
cat >"$work/texts.json" <<'JSON'
["배터리를 오래 쓰려면 화면 밝기를 낮추고, 쓰지 않는 기능을",
 "To charge the phone without a cable, place it on the charger so that",
 "1. 전원 버튼을 3초 동안 누르세요.\n2. 화면에"]
JSON
if ! (cd "$work" && npm install --no-save --ignore-scripts --omit=optional --omit=peer --no-audit --no-fund >npm.log 2>&1) ||
  ! (cd "$work" && node compute.mjs --texts texts.json . "$model" >node.log 2>&1); then
  echo "The independent engine is out of reach (npm, Node.js 20):"
  tail -n 3 "$work"/npm.log "$work"/node.log 2>/dev/null
  echo "1 passed, 0 failed, 1 skipped"
  exit 0
fi
"$build/bin/model_parity" --expected "$work/$(basename "$model" .gguf).json" --tolerance $tolerance "$model"
