#!/usr/bin/env bash
# Prints the size of the first load of dist/: every page, style, script and module, raw and by brotli.
set -euo pipefail
cd "$(dirname "$0")/.."
raw=0 small=0
while IFS= read -r -d '' file; do
    raw=$((raw + $(wc -c <"$file")))
    if command -v brotli >/dev/null; then
        small=$((small + $(brotli -c -q 11 -w 22 "$file" | wc -c)))
    fi
done < <(find dist -type f \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.wasm' \) -print0)
if [ "$small" = 0 ]; then
    echo "first load: $raw bytes raw (no brotli here to compress them)"
else
    echo "first load: $raw bytes raw, $small bytes brotli"
fi
