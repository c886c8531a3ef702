// Starts the page, and its desk when asked to: the only hand-written script, for the policy allows none inside index.html.
//
// The names of the glue and of the module carry digests; index.html holds them in its two preloads.
// When the page is on screen it removes #boot itself, or leaves that to the end of this script.

const show = (id) => {
  document.getElementById("boot")?.remove();
  document.getElementById(id)?.removeAttribute("hidden");
};

const start = async () => {
  const glue = document.querySelector("link[rel=modulepreload]").href;
  const module = document.querySelector("link[rel=preload][as=fetch]").href;
  const { default: init } = await import(glue);
  await init({ module_or_path: module });
  document.getElementById("boot")?.remove();
};

// The desk: a second module, fetched once the page is at rest and started when it is first needed. What failed is tried anew.
let fetched, started, tries = 0;
globalThis.wusumDesk = {
  fetch: () => (fetched ??= (async () => {
    const name = document.querySelector("meta[name=wusum-desk]").content;
    const again = tries++ ? `?${tries}` : "";
    const [glue, module] = await Promise.all([import(new URL(name + again, document.baseURI)), fetch(name.replace(/\.js$/, "_bg.wasm"))]);
    if (!module.ok) throw new Error(`${module.status} ${module.statusText}`);
    return [glue, await module.arrayBuffer()];
  })().catch((error) => {
    fetched = undefined;
    throw error;
  })),
  start: () => (started ??= globalThis.wusumDesk.fetch().then(([glue, module]) => glue.default({ module_or_path: module })).catch((error) => {
    started = undefined;
    throw error;
  })),
};

if (typeof WebAssembly !== "object" || typeof CSS !== "object" || !CSS.highlights) {
  show("boot-old");
} else {
  start().catch((error) => {
    console.error(error);
    show("boot-failed");
  });
}
