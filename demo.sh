#!/usr/bin/env bash
# Installs what is missing, builds, reads the sample manuals and answers five questions about a phone.
#   SASEO=path/to/saseo ./demo.sh     with a program that is there already: installs and builds nothing
set -euo pipefail
if [ -n "${SASEO:-}" ]; then
  saseo=$(type -P "$SASEO") || { echo "SASEO names no program: $SASEO" >&2; exit 2; }
  saseo=$(realpath "$saseo")
fi
cd "$(dirname "$0")"

if [ -z "${SASEO:-}" ]; then
  source cmake/packages.sh
  install_packages "${build_packages[@]}"
  echo "== Build"
  cmake --preset release -DBUILD_TESTING=OFF -DSASEO_BENCH=OFF -DSASEO_ALL_KERNELS=OFF >/dev/null
  cmake --build --preset release --target saseo saseo-pdf saseo_reference
  saseo=build/release/bin/saseo
fi

export LC_ALL=C.UTF-8 SASEO_LIBRARY=build/demo-library
echo
echo "== saseo ingest corpora/phone corpora/vacuum"
"$saseo" --lang ko ingest corpora/phone/*.pdf corpora/vacuum/*.pdf

questions=(
  "지문 인식률을 높이는 방법"
  "폰이 너무 뜨거워졌을 때는 어떻게 하나요?"
  "휴대폰에 있는 개인정보를 지키려면?"
  "내 기기 찾기 서비스는 어떻게 설정해요?"
  "다온폰 무선 충전하는 방법 알려줘")
for question in "${questions[@]}"; do
  echo
  echo "== saseo ask \"$question\""
  "$saseo" --lang ko ask "$question"
done
echo
echo "Ask your own: SASEO_LIBRARY=$SASEO_LIBRARY $saseo ask \"유선 충전은 몇 와트인가요?\"   or: $saseo chat"
