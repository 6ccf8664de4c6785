#!/usr/bin/env bash
# Compares what is committed with what is generated now: code from protos/, pages from rules/ and from the case's table.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
buf generate --output "$fresh" 2>"$fresh/log" || { cat "$fresh/log" >&2; exit 1; }
if ! diff -r --exclude=__pycache__ gen "$fresh/gen" >&2; then
  echo "gen/ is not what protos/ gives: run 'make gen' and commit it." >&2
  exit 1
fi
origingate rules docs --check
python3 scripts/case_page.py --check
