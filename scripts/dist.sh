#!/usr/bin/env bash
# Builds the optimised site into dist/ and prints what a first visit loads.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
# A stale NO_COLOR=1 is refused by Trunk, which wants true or false.
unset NO_COLOR
# What an earlier build left must not pass for this one, should this one fail.
rm -rf dist
trunk build --release --locked
scripts/size.sh
