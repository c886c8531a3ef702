# Read by the other scripts: where the tools are, and their place at the head of PATH.
: "${WUSUM_TOOLS:=target/tools}"
case $WUSUM_TOOLS in
    /*) ;;
    *) WUSUM_TOOLS=$PWD/$WUSUM_TOOLS ;;
esac
export WUSUM_TOOLS
# The last folder holds a stand-in for wasm-opt, found only where the real one could not be installed.
export PATH=$WUSUM_TOOLS/bin:$WUSUM_TOOLS/npm/node_modules/.bin:$PATH:$PWD/scripts/stand-in
