// Ends the worker's script: what goes wrong is told to the page, then the module beside the script is started.
addEventListener("unhandledrejection", (event) => postMessage(["failed", String(event.reason)]));
wasm_bindgen({ module_or_path: "WUSUM_MODULE" }).catch((error) => postMessage(["failed", String(error)]));
