#!/usr/bin/env bash
# After a build: splits the page's module, gives scripts and modules names that change with their content, has the worker's
# script start its module, and writes the names into the page, which starts them by name.
#
# WUSUM_TRACE: a folder; the page's module notes what runs, and its named original is put there. See scripts/first-visit.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
stage=${TRUNK_STAGING_DIR:?run by trunk}

digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-16; }

# put_in_page PATTERN TEXT : writes a name into the page.
put_in_page() {
    sed "s/$1/$2/g" "$stage/index.html" >"$stage/index.new"
    mv "$stage/index.new" "$stage/index.html"
    if ! grep -q -e "$2" "$stage/index.html"; then
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
put_in_page WUSUM_WORKER "$script"

# src/boot.js works out the module's name from that of its script.
sum=$(cat "$stage/wusum-desk_bg.wasm" "$stage/wusum-desk.js" | digest)
mv "$stage/wusum-desk_bg.wasm" "$stage/wusum-desk-${sum}_bg.wasm"
mv "$stage/wusum-desk.js" "$stage/wusum-desk-$sum.js"
rm -f "$stage"/wusum-desk*.d.ts
put_in_page WUSUM_DESK "wusum-desk-$sum.js"

# The page in one piece while it is worked on, in two when it is released.
if [ "${TRUNK_PROFILE:-}" != release ]; then
    put_in_page WUSUM_DEFERRED ""
    exit
fi
page=("$stage"/wusum-page-*_bg.wasm)
glue=("$stage"/wusum-page-*.js)
split() { cargo run --locked --quiet --example split -- "$@"; }
if [ -n "${WUSUM_TRACE:-}" ]; then
    mkdir -p "$WUSUM_TRACE"
    mv "${page[0]}" "$WUSUM_TRACE/named.wasm"
    split --trace "$WUSUM_TRACE/named.wasm" "${page[0]}"
    put_in_page WUSUM_DEFERRED ""
    exit
fi
split "${page[0]}" "${glue[0]}" "$stage/kept" "$stage/deferred" locales/later.*.json
# The first half has functions now that only one other calls, and names that nobody uses: 3 KB by brotli, 0.3 of it by
# going on until nothing changes.
features=$(grep -o -m 1 -e 'data-bin="wusum-page".*' index.html | grep -o -e '--enable-[a-z-]*')
# shellcheck disable=SC2086
wasm-opt -Oz --converge $features "$stage/kept" -o "$stage/kept.smaller"
mv "$stage/kept.smaller" "$stage/kept"
sum=$(cat "$stage/kept" "$stage/deferred" "${glue[0]}" | digest)
put_in_page "$(basename "${page[0]}")" "wusum-page-${sum}_bg.wasm"
put_in_page "$(basename "${glue[0]}")" "wusum-page-$sum.js"
rm "${page[0]}"
mv "${glue[0]}" "$stage/wusum-page-$sum.js"
mv "$stage/kept" "$stage/wusum-page-${sum}_bg.wasm"
mv "$stage/deferred" "$stage/wusum-deferred-$sum.wasm"
put_in_page WUSUM_DEFERRED "wusum-deferred-$sum.wasm"
