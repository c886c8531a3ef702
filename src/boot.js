// Starts the page: the only hand-written script, for the policy allows none inside index.html.
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

if (typeof WebAssembly !== "object" || typeof CSS !== "object" || !CSS.highlights) {
  show("boot-old");
} else {
  start().catch((error) => {
    console.error(error);
    show("boot-failed");
  });
}
