// Starts the page, the rest of it, and its desk when asked to: the only hand-written script, for the policy allows none inside
// index.html.
//
// The names of the glue and of the module carry digests; index.html holds them in its two preloads.
// When the page is on screen it removes #boot itself, or leaves that to the end of this script.

const show = (id) => {
  document.getElementById("boot")?.remove();
  document.getElementById(id)?.removeAttribute("hidden");
};

// A module that traps has stopped in the middle of something, and what it would write from then on is not to be trusted. So
// from then on nothing is stored, told to other tabs or given to the worker: as if the browser had been killed at that moment.
// What was saved is found again after a reload; should that not help, there is a backup of what both stores have.
let stopped = false;
const stop = () => {
  if (stopped) return;
  stopped = true;
  const writers = [[Storage, "setItem", "removeItem"], [IDBObjectStore, "put", "delete"], [BroadcastChannel, "postMessage"], [Worker, "postMessage"]];
  for (const [{ prototype }, ...calls] of writers) {
    for (const call of calls) {
      prototype[call] = () => {
        throw new Error("stopped");
      };
    }
  }
  for (let timer = setTimeout(() => {}); timer; timer--) clearTimeout(timer);
  for (const kind of ["keydown", "beforeinput", "pointerdown", "pointermove", "focusin"]) {
    addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
  }
  document.getElementById("boot")?.remove();
  const dialog = document.getElementById("boot-stopped");
  const [again, backup] = dialog.querySelectorAll("button");
  again.onclick = () => location.reload();
  backup.onclick = saveBackup;
  dialog.onclose = () => dialog.showModal();
  dialog.showModal();
  // In the language that is shown.
  [dialog.ariaLabel] = dialog.innerText.split("\n");
};

// The same file that the program writes (src/persist/backup.rs), made without the program.
const saveBackup = async () => {
  const records = new Map();
  try {
    for (const [key, value] of Object.entries(localStorage)) {
      if (key.startsWith("wusum/")) records.set(key, value);
    }
  } catch {}
  const answer = (request) => new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
  try {
    const opening = indexedDB.open("wusum");
    // There is none: it must not be made, empty as it would be.
    opening.onupgradeneeded = () => opening.transaction.abort();
    const database = await answer(opening);
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name);
      const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
      keys.forEach((key, number) => records.set(key, values[number].value));
    }
  } catch {}
  const lines = [{ wusum: 1, kind: "backup", records: records.size }, ...Array.from(records, ([key, value]) => ({ key, value }))];
  const bytes = new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const digest = new Uint8Array((await crypto.subtle?.digest("SHA-256", bytes)) ?? 0);
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const end = sha256 && `${JSON.stringify({ kind: "checksum", sha256 })}\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes, end], { type: "application/jsonl" }));
  link.download = "wusum-backup.jsonl";
  link.click();
};

// Also where a script's error went through the module, or it ran out of stack: it never came to its end. But for the error that
// says that the rest of the page is not to be had: that has a message of its own.
let refused;
const isTrap = (error, isThrown) => {
  if (error === refused) return false;
  return error?.name === "RuntimeError" || ((isThrown || error instanceof RangeError) && /wasm/.test(error?.stack));
};
addEventListener("error", ({ error }) => isTrap(error, true) && stop());
addEventListener("unhandledrejection", ({ reason }) => isTrap(reason, false) && stop());

const start = async () => {
  const glue = document.querySelector("link[rel=modulepreload]").href;
  const module = document.querySelector("link[rel=preload][as=fetch]").href;
  const { default: init, open } = await import(glue);
  page = globalThis.wusumDeferred.page = await init({ module_or_path: module });
  globalThis.wusumDeferred(0);
  try {
    open();
  } catch (error) {
    if (isTrap(error, true)) stop();
    throw error;
  }
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
      refused = error;
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
    if (!stopped) show("boot-failed");
  });
}
