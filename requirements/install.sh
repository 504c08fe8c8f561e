#!/usr/bin/env bash
# Make .venv and install what the lists beside this file pin, checked against their hashes. Run by `make setup`.
set -euo pipefail
cd "$(dirname "$0")/.."

is_python_3_11() {
  "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

if ! is_python_3_11 .venv/bin/python; then
  for candidate in "${PYTHON:-}" python3.11 python3 python "$HOME"/.pyenv/versions/3.11*/bin/python; do
    if [ -n "$candidate" ] && is_python_3_11 "$candidate"; then
      "$candidate" -m venv --clear .venv
      break
    fi
  done
fi
if ! is_python_3_11 .venv/bin/python && command -v uv >/dev/null; then
  uv venv --clear --python 3.11 .venv
fi
if ! is_python_3_11 .venv/bin/python; then
  echo "Python 3.11 is missing. Get it with your system's packages (python3.11 and python3.11-venv), with" >&2
  echo "\`pyenv install 3.11\` or with \`uv python install 3.11\`; or name it: \`make setup PYTHON=/path/to/python3.11\`." >&2
  exit 1
fi

.venv/bin/python -m footfall.local.machine

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  uv=.venv/bin/uv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt
fi
"$uv" pip sync --python .venv/bin/python --compile-bytecode --require-hashes requirements/{base,ml,spark,infra,dev}.txt
"$uv" pip install --python .venv/bin/python --quiet --no-deps --no-build-isolation --editable .
