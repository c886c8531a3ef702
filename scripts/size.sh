#!/usr/bin/env bash
# Prints the size of the first load of dist/ (what puts the article on screen: html, css, js, wasm), of the rest of the page,
# which is fetched right after, and of its worker and its desk, which are fetched later, raw and by brotli; and says so where
# the first load is larger than it may be.
set -euo pipefail
cd "$(dirname "$0")/.."

BUDGET=300000

# total NAME FILE… : one line; the last total by brotli stays in $small.
total() {
    local name=$1 raw=0 file
    small=0
    shift
    for file in "$@"; do
        raw=$((raw + $(wc -c <"$file")))
        if command -v brotli >/dev/null; then
            small=$((small + $(brotli -c -q 11 -w 22 "$file" | wc -c)))
        fi
    done
    if [ "$small" = 0 ]; then
        echo "$name: $raw bytes raw (no brotli here to compress them)"
    else
        echo "$name: $raw bytes raw, $small bytes brotli"
    fi
}

page=() deferred=() worker=() desk=()
while IFS= read -r -d '' file; do
    case $file in
        */wusum-deferred*) deferred+=("$file") ;;
        */wusum-worker*) worker+=("$file") ;;
        */wusum-desk*) desk+=("$file") ;;
        # The look of the review is fetched when its screen is opened.
        */review.css) ;;
        *) page+=("$file") ;;
    esac
done < <(find dist -type f \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.wasm' \) -print0)
total "first load" "${page[@]}"
if [ "$small" -gt "$BUDGET" ]; then
    echo "first load: OVER BUDGET by $((small - BUDGET)) bytes brotli (budget: $BUDGET)"
fi
if [ ${#deferred[@]} -gt 0 ]; then
    total "the rest of the page, fetched right after" "${deferred[@]}"
fi
if [ ${#worker[@]} -gt 0 ]; then
    total "worker, fetched later" "${worker[@]}"
fi
if [ ${#desk[@]} -gt 0 ]; then
    total "desk, fetched later" "${desk[@]}"
fi
