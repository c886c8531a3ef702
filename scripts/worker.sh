#!/usr/bin/env bash
# After a build: gives the scripts and modules of the worker and of the desk names that change with their content, has
# the worker's script start its module, and writes the names of both scripts into the page, which starts them by name.
set -euo pipefail
cd "$(dirname "$0")/.."
stage=${TRUNK_STAGING_DIR:?run by trunk}

digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-16; }

# name_in_page PLACEHOLDER SCRIPT : writes a script's name into the page.
name_in_page() {
    sed "s/$1/$2/" "$stage/index.html" >"$stage/index.new"
    mv "$stage/index.new" "$stage/index.html"
    if ! grep -q "$2" "$stage/index.html"; then
        echo "the page does not name $2: $1 is missing in index.html" >&2
        exit 1
    fi
}

sum=$(cat "$stage/wusum-worker_bg.wasm" "$stage/wusum-worker.js" src/worker.js | digest)
module=wusum-worker-${sum}_bg.wasm script=wusum-worker-$sum.js
mv "$stage/wusum-worker_bg.wasm" "$stage/$module"
{
    cat "$stage/wusum-worker.js"
    echo
    sed "/^\/\//d; s/WUSUM_MODULE/$module/" src/worker.js
} >"$stage/$script"
rm -f "$stage/wusum-worker.js" "$stage"/wusum-worker*.d.ts
name_in_page WUSUM_WORKER "$script"

# src/boot.js works out the module's name from that of its script.
sum=$(cat "$stage/wusum-desk_bg.wasm" "$stage/wusum-desk.js" | digest)
mv "$stage/wusum-desk_bg.wasm" "$stage/wusum-desk-${sum}_bg.wasm"
mv "$stage/wusum-desk.js" "$stage/wusum-desk-$sum.js"
rm -f "$stage"/wusum-desk*.d.ts
name_in_page WUSUM_DESK "wusum-desk-$sum.js"
