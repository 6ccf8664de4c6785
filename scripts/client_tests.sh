#!/usr/bin/env bash
# Runs the tests of one client ($1: go or java) against a real server. Where its tools are missing it says so and goes on,
# but with CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
client=$1
case $client in
  go) needs=(go) ;;
  java) needs=(java mvn) ;;
  *) echo "which client? go or java" >&2; exit 2 ;;
esac
for tool in "${needs[@]}"; do
  if ! command -v "$tool" >/dev/null; then
    echo "clients/$client: not tested, because '$tool' is not installed here"
    [ "${CI:-}" = true ] && exit 1
    exit 0
  fi
done
export ORIGINGATE="$PWD/.venv/bin/origingate"
cd "clients/$client"
case $client in
  go)
    go vet ./...
    go test -count=1 ./...
    # Tested in its own folder, so that the figures of its load are seen.
    cd shop
    go vet .
    go test -count=1 ;;
  java) mvn -q -B -ntp test ;;
esac
echo "clients/$client: passed"
