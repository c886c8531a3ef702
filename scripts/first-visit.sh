#!/usr/bin/env bash
# Writes scripts/split/later.txt anew: which code the first visit does not need, as a browser shows it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
unset NO_COLOR
scripts/tools.sh test
trace=$PWD/target/first-visit
rm -rf "$trace" && mkdir -p "$trace"
WUSUM_TRACE=$trace trunk build --release --locked --dist "$trace/dist"
WUSUM_DIST=$trace/dist cargo bench --locked --profile dev --features e2e --bench first_visit >"$trace/ran.txt"
cargo run --locked --quiet --example split -- --learn "$trace/named.wasm" "$trace/ran.txt"
git --no-pager diff --stat -- scripts/split/later.txt
