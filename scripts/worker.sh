#!/usr/bin/env bash
# After a build: gives the worker's script and module names that change with their content, has the script start the
# module, and writes its name into the page, which starts it by that name.
set -euo pipefail
cd "$(dirname "$0")/.."
stage=${TRUNK_STAGING_DIR:?run by trunk}

digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-16; }

sum=$(cat "$stage/wusum-worker_bg.wasm" "$stage/wusum-worker.js" src/worker.js | digest)
module=wusum-worker-${sum}_bg.wasm script=wusum-worker-$sum.js
mv "$stage/wusum-worker_bg.wasm" "$stage/$module"
{
    cat "$stage/wusum-worker.js"
    echo
    sed "/^\/\//d; s/WUSUM_MODULE/$module/" src/worker.js
} >"$stage/$script"
rm -f "$stage/wusum-worker.js" "$stage"/wusum-worker*.d.ts
sed "s/WUSUM_WORKER/$script/" "$stage/index.html" >"$stage/index.new"
mv "$stage/index.new" "$stage/index.html"
if ! grep -q "$script" "$stage/index.html"; then
    echo "the page does not name its worker: WUSUM_WORKER is missing in index.html" >&2
    exit 1
fi
