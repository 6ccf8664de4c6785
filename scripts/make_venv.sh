#!/usr/bin/env bash
# Makes the virtual environment at $1 and installs the project with its tools, at the versions of constraints.txt.
set -euo pipefail
venv=$1
python=${PYTHON:-}
if [ -z "$python" ]; then
  echo "Origin Gate needs Python 3.11 or 3.12 (python3.11 on the PATH, or PYTHON=/path/to/python make ...)." >&2
  exit 2
fi
if ! "$python" -m venv "$venv" 2>/dev/null; then
  # Debian ships venv in a package of its own.
  version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing $version, which Debian keeps apart from Python" >&2
    { apt-get install -qy "$version" || { apt-get update -qq && apt-get install -qy "$version"; }; } >/dev/null
    "$python" -m venv --clear "$venv"
  else
    echo "Python cannot make a virtual environment here: install the package $version and call make again." >&2
    exit 2
  fi
fi
echo "installing Origin Gate and its tools into $venv (once; a minute or two)"
"$venv/bin/pip" install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
"$venv/bin/pip" install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable .
