#!/usr/bin/env bash
# Fails where a client that was made from the last release could not speak to this server: a field that moved, was renamed
# or took another type, a method that is gone. `make release-contract` takes the contract as it is for the last release.
set -euo pipefail
cd "$(dirname "$0")/.."
now=$(mktemp --suffix=.binpb)
trap 'rm -f "$now"' EXIT
.venv/bin/buf build -o "$now"
.venv/bin/buf breaking "$now" --against protos/released.binpb || {
  echo "The contract breaks what was released: add instead, and leave what there is as it is." >&2
  exit 1
}
