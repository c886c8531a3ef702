// Starts the page, the rest of it, and its desk when asked to: the only hand-written script, for the policy allows none inside
// index.html.
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
  const { default: init, open } = await import(glue);
  page = globalThis.wusumDeferred.page = await init({ module_or_path: module });
  globalThis.wusumDeferred(0);
  open();
  document.getElementById("boot")?.remove();
};

// The rest of the page: a module of what the article on screen does not need (scripts/split). It is fetched as soon as the
// page runs, and again where that failed; whoever needs it before (1) waits for it.
let page, coming;
const rest = () => document.querySelector("meta[name=wusum-deferred]")?.content;
const isThere = () => !rest() || page.$ready.value === 1;
const seat = (instance) => {
  page.$ready.value = 1;
  return instance;
};
globalThis.wusumDeferred = (now) => {
  if (isThere()) return;
  if (now) {
    try {
      const request = new XMLHttpRequest();
      request.open("GET", rest(), false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      if (request.status >= 400) throw new Error(`${request.status} ${request.statusText}`);
      const bytes = Uint8Array.from(request.responseText, (unit) => unit.charCodeAt(0) & 255);
      seat(new WebAssembly.Instance(new WebAssembly.Module(bytes), { page }));
    } catch (error) {
      show("boot-failed");
      throw error;
    }
    return;
  }
  coming ??= (async () => {
    for (let wait = 1000; !isThere(); wait = Math.min(2 * wait, 30000)) {
      try {
        const response = await fetch(rest());
        if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
        const module = await WebAssembly.compile(await response.arrayBuffer());
        if (!isThere()) seat(await WebAssembly.instantiate(module, { page }));
      } catch {
        await new Promise((again) => {
          setTimeout(again, wait);
          addEventListener("online", again, { once: true });
        });
      }
    }
  })();
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
