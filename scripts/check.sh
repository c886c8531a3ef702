#!/usr/bin/env bash
# Formatting, clippy with warnings as errors in both feature worlds, and the core free of browser crates.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

say() { printf '== %s\n' "$*"; }

say "formatting"
cargo fmt --check

say "clippy: command line and core, all targets"
cargo clippy --locked --quiet --all-targets --features e2e -- -D warnings
say "clippy: core alone"
cargo clippy --locked --quiet --no-default-features --lib --tests -- -D warnings
say "clippy: the page"
cargo clippy --locked --quiet --target wasm32-unknown-unknown --no-default-features --features web --lib --bins --tests -- -D warnings
say "clippy: the page's worker"
cargo clippy --locked --quiet --target wasm32-unknown-unknown --no-default-features --features worker --lib --bins -- -D warnings

say "clippy: the page's desk"
cargo clippy --locked --quiet --target wasm32-unknown-unknown --no-default-features --features desk --lib --bins -- -D warnings

say "no browser crate below the core"
for world in "--no-default-features" "--features cli"; do
    # shellcheck disable=SC2086
    found=$(cargo tree --locked -e normal --prefix none --format '{p}' $world |
        grep -E '^(yew|wasm-bindgen|web-sys|js-sys|gloo|serde-wasm-bindgen)(-[a-z-]+)? v' | sort -u || true)
    if [ -n "$found" ]; then
        printf 'with %s the dependency graph has:\n%s\n' "$world" "$found" >&2
        exit 1
    fi
done
echo "checked"
