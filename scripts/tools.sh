#!/usr/bin/env bash
# Installs what is missing, pinned, under target/tools; does nothing, quickly, when all is there.
#
#   scripts/tools.sh page   what builds and serves the page
#   scripts/tools.sh dist   that, and wasm-opt
#   scripts/tools.sh test   that, and the browsers with their drivers
#
# WUSUM_TOOLS names another folder for the tools, so that several clones can share one.
# What cannot be installed is said in one line. Only what the page cannot be built without ends the run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

TRUNK=0.22.0-beta.1
GECKODRIVER=0.37.1
BINARYEN=132.0.0
WASM_BINDGEN=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)

say() { printf 'tools: %s\n' "$*" >&2; }

# Debian's packages: as root, or by sudo where it asks for no password.
APT_READY=
apt_install() {
    command -v apt-get >/dev/null || return 1
    local as=()
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as=(sudo -n)
    fi
    say "installing $* (Debian)"
    if [ -z "$APT_READY" ]; then
        "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null >>"$LOG" 2>&1 || true
        APT_READY=1
    fi
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >>"$LOG" 2>&1
}

# need PROGRAM PACKAGE… : the program is there, or its packages are installed, or the answer is no.
need() {
    local program=$1
    shift
    command -v "$program" >/dev/null && return 0
    apt_install "$@" && command -v "$program" >/dev/null
}

# crate NAME VERSION PROGRAM : the program in exactly this version, built from crates.io.
# Built quickly rather than optimised: compiling trunk takes longer than all it will ever do here.
crate() {
    local name=$1 version=$2 program=$3
    # Not piped into grep, which would end before a long answer does and so make it a failure.
    case $("$WUSUM_TOOLS/bin/$program" --version 2>/dev/null || true) in
        *"$version"*) return 0 ;;
    esac
    say "building $name $version (once; minutes, not seconds)"
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        cargo install --quiet --locked --force "$name" --version "$version" \
        --root "$WUSUM_TOOLS" --target-dir "$WUSUM_TOOLS/build" </dev/null >>"$LOG" 2>&1 && {
        rm -rf "$WUSUM_TOOLS/build"
        return 0
    }
    say "could not build $name $version; the reason is at the end of $LOG"
    return 1
}

# page_tools [--locked] : and the crates themselves, for Trunk builds without the network.
page_tools() {
    if ! command -v cargo >/dev/null; then
        say "cargo is missing: install Rust with rustup (https://rustup.rs), then try again"
        exit 1
    fi
    if ! need cc gcc libc6-dev; then
        say "a C compiler (cc) is missing and could not be installed: it links Rust programs"
        exit 1
    fi
    if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
        rustup target add wasm32-unknown-unknown >>"$LOG" 2>&1 || {
            say "the target wasm32-unknown-unknown is missing: rustup target add wasm32-unknown-unknown"
            exit 1
        }
    fi
    crate trunk "$TRUNK" trunk || exit 1
    crate wasm-bindgen-cli "$WASM_BINDGEN" wasm-bindgen || exit 1
    cargo fetch --quiet "$@" </dev/null || {
        say "the crates that the page is made of could not be fetched"
        exit 1
    }
}

dist_tools() {
    page_tools --locked
    local package=$WUSUM_TOOLS/npm/node_modules/binaryen/package.json
    if ! grep -qsF "\"version\": \"$BINARYEN\"" "$package"; then
        if ! need npm nodejs npm; then
            say "npm is missing and could not be installed: the page is built without wasm-opt, some 10 % larger"
        elif ! npm install --prefix "$WUSUM_TOOLS/npm" --no-save --no-audit --no-fund "binaryen@$BINARYEN" </dev/null >>"$LOG" 2>&1; then
            say "npm could not install binaryen $BINARYEN: the page is built without wasm-opt, some 10 % larger"
        fi
    fi
    need brotli brotli || say "brotli is missing and could not be installed: no compressed sizes are printed"
}

test_tools() {
    dist_tools
    command -v google-chrome >/dev/null || need chromium chromium || say "Chromium is missing and could not be installed: its tests are skipped"
    need chromedriver chromium-driver || say "chromedriver is missing and could not be installed: the tests in Chromium are skipped"
    command -v firefox >/dev/null || need firefox-esr firefox-esr || say "Firefox is missing and could not be installed: its tests are skipped"
    crate geckodriver "$GECKODRIVER" geckodriver || say "geckodriver is missing: the tests in Firefox are skipped"
    need WebKitWebDriver webkit2gtk-driver || say "WebKitWebDriver is missing and could not be installed: the tests in WebKitGTK are skipped"
    need Xvfb xvfb || say "Xvfb is missing and could not be installed: the tests in WebKitGTK are skipped"
    # Every engine shapes the article with the same Arabic face, so that pictures can be compared.
    if [ -z "$(fc-list 'Noto Naskh Arabic' 2>/dev/null || true)" ]; then
        apt_install fonts-noto-core fontconfig || say "Noto's Arabic fonts could not be installed: the article is shown in another face"
    fi
}

mkdir -p "$WUSUM_TOOLS"
# Two runs at once would build the same thing twice and remove it under each other.
exec 9>"$WUSUM_TOOLS/.lock"
flock 9 2>/dev/null || true
LOG=$WUSUM_TOOLS/install.log
: >"$LOG"
case ${1:-} in
    page) page_tools ;;
    dist) dist_tools ;;
    test) test_tools ;;
    *) say "usage: scripts/tools.sh page|dist|test"; exit 2 ;;
esac
