#!/usr/bin/env bash
# Builds the release page, then measures it beside the bare page in one Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
scripts/tools.sh test
scripts/dist.sh
cargo bench --locked --profile dev --features e2e --bench page -- "$@"
scripts/size.sh
