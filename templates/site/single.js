// In the single file Python lies in the page itself: what Pyodide asks for is answered from there.
"use strict";

(() => {
  const held = (url) => document.getElementById(`file:${String(url.url ?? url).split("/").pop()}`);
  const types = { mjs: "text/javascript", js: "text/javascript", wasm: "application/wasm", zip: "application/zip", json: "application/json" };
  const type = (part) => types[part.id.split(".").pop()];
  const bytes = (part) => Uint8Array.from(atob(part.textContent.trim()), (sign) => sign.charCodeAt(0));
  const address = (content, as) => URL.createObjectURL(new Blob([content], { type: as }));

  const network = globalThis.fetch;
  globalThis.fetch = (url, ...rest) => {
    const part = held(url);
    if (!part) return network(url, ...rest);
    return Promise.resolve(new Response(bytes(part), { headers: { "content-type": type(part) } }));
  };
  globalThis.shapespecImport = (url) => import(address(bytes(held(url)), "text/javascript"));
  globalThis.shapespecHolds = (url) => held(url) !== null;
  globalThis.shapespecScript = (url) => {
    const code = new TextDecoder().decode(bytes(held(url))).replace(/\bimport\(/g, "globalThis.shapespecImport(");
    return address(code, "text/javascript");
  };
})();
