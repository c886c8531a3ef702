#!/usr/bin/env bash
# Any bytes in every format that is read, for a while each: cargo-fuzz's targets, beginning with the kept exports.
#
#   scripts/fuzz.sh [SECONDS] [NAME…]     60 seconds, all of them
#
# Needs a nightly Rust and `cargo install cargo-fuzz`. What makes one fail stays in target/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
names=("$@")
if [ ${#names[@]} = 0 ]; then
    mapfile -t names < <(sed -n 's/^name = "\(.*\)"/\1/p' fuzz/Cargo.toml | grep -v '^wusum-fuzz$')
fi

# seeds NAME : the kept exports of a format; beside a file of brat's labels its text, beside one of XMI its types, after a zero byte.
seeds() {
    local at=target/fuzz/corpus/$1 file n=0
    mkdir -p "$at"
    if [ "$1" = zip ]; then
        for file in tests/golden/nasty/*; do
            (cd "$file" && python3 -m zipfile -c "$OLDPWD/$at/$(basename "$file").zip" ./*)
        done
        return
    fi
    while IFS= read -r -d '' file; do
        n=$((n + 1))
        case $1:$file in
            *EXPORT.json | brat:*.txt | cas-xmi:*TypeSystem.xml) continue ;;
            brat:*.ann) cat "$file" <(printf '\0') "${file%.ann}.txt" ;;
            cas-xmi:*) cat "$file" <(printf '\0') tests/golden/nasty/cas-xmi/TypeSystem.xml ;;
            *) cat "$file" ;;
        esac >"$at/seed-$n"
    done < <(find "tests/golden/nasty/$1" -type f -print0)
}

failed=()
export CARGO_TARGET_DIR=$PWD/target/fuzz
for name in "${names[@]}"; do
    seeds "$name"
    mkdir -p "target/fuzz/artifacts/$name"
    (cd fuzz && cargo +nightly fuzz run -O --fuzz-dir . "$name" "$CARGO_TARGET_DIR/corpus/$name" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -artifact_prefix="$CARGO_TARGET_DIR/artifacts/$name/" \
        -print_final_stats=1 2>&1 | grep -E '^(stat::|==|SUMMARY|Test unit)|^INFO: Loaded .* counters|DONE +cov:|panicked') || failed+=("$name")
    echo "$name: done"
done
if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}"
    exit 1
fi
