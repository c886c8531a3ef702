#!/usr/bin/env bash
# Runs every test there is and names, at the end, what failed and what was skipped and why.
#
# WUSUM_TEST_THREADS: how many tests in browsers run at once (1).
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
scripts/tools.sh test || exit 1

failed=()
step() {
    local name=$1 begin=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@" </dev/null || failed+=("$name")
    printf '== %s: %d s\n' "$name" $((SECONDS - begin))
}

core() { cargo test --locked --no-fail-fast; }

page_parts() { cargo test --locked --features desk --lib -- web:: desk::; }

in_browser() {
    if ! command -v chromedriver >/dev/null; then
        echo "skipped: the tests inside the browser, for chromedriver is missing"
        return 0
    fi
    WASM_BINDGEN_TEST_WEBDRIVER_JSON=$PWD/scripts/webdriver.json CHROMEDRIVER=$(command -v chromedriver) \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
        WASM_BINDGEN_TEST_TIMEOUT=180 \
        cargo test --locked --target wasm32-unknown-unknown --no-default-features --features web --lib --test browser
}

driven() {
    cargo test --locked --features e2e --test e2e -- --test-threads="${WUSUM_TEST_THREADS:-1}"
}

step "the core" core
step "the page's parts that need no browser" page_parts
step "the page's parts, in headless Chromium" in_browser
step "the site" scripts/dist.sh
if [ -f dist/index.html ]; then
    step "the site, driven in real browsers" driven
fi

echo
if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}"
    exit 1
fi
echo "all steps passed"
