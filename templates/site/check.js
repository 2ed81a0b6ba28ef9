// The check in the page: the generated Python package judges what is pasted, in this page.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("check-form");
  if (!form) return;
  const text = byId("check-text");
  const state = byId("check-state");
  const results = byId("check-results");
  const home = new URL(".", location.href).href;
  const embedded = () => globalThis.shapespecHolds?.("pyodide.js");

  const element = (tag, name, content) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (content) made.textContent = content;
    return made;
  };
  const say = (words) => { state.textContent = words; };

  const script = (source) =>
    new Promise((done, failed) => {
      const made = document.createElement("script");
      made.src = source;
      made.onload = done;
      made.onerror = () => failed(new Error(source));
      document.head.append(made);
    });

  class Absent extends Error {}

  const start = async () => {
    if (globalThis.shapespecHolds && !embedded()) {
      throw new Absent("This file was built without Python. To add it: npm install pyodide, then build it again with --pyodide node_modules/pyodide");
    }
    if (location.protocol === "file:" && !embedded()) {
      throw new Absent("A browser does not let a page on disk load Python. Open the single-file build (--single-file), which can, or serve this folder: python -m http.server");
    }
    say("Loading Python, once …");
    if (!globalThis.loadPyodide) {
      try {
        await script(embedded() ? globalThis.shapespecScript("pyodide.js") : "pyodide/pyodide.js");
      } catch {
        throw new Absent("This site was built without Python. To add it: npm install pyodide, then generate the site with --pyodide node_modules/pyodide");
      }
    }
    if (!globalThis.shapespec?.modules) await script("package.js");
    const python = await globalThis.loadPyodide({ indexURL: embedded() ? "https://embedded.invalid/" : `${home}pyodide/` });
    const { modules } = globalThis.shapespec;
    for (const [path, content] of Object.entries(modules)) {
      const folder = `/home/pyodide/${path}`.replace(/\/[^/]*$/, "");
      python.FS.mkdirTree(folder);
      python.FS.writeFile(`/home/pyodide/${path}`, content);
    }
    python.runPython("import sys; sys.path.insert(0, '/home/pyodide'); from _shapespec_check import judge");
    return python.globals.get("judge");
  };
  let judge = null;

  const finding = (one) => {
    const item = element("li", "finding");
    const link = element("a", "", one.pointer || "the whole response");
    link.href = `#${one.anchor}`;
    const place = element("button", "place", `${one.line}:${one.column}`);
    place.type = "button";
    place.title = "Show it in the text";
    place.addEventListener("click", () => {
      const lines = text.value.split("\n");
      const at = lines.slice(0, one.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + one.column - 1;
      text.focus();
      text.setSelectionRange(at, lines.slice(0, one.line).reduce((sum, line) => sum + line.length + 1, 0) - 1);
    });
    const title = element("span", "title");
    title.append(element("span", `badge ${one.severity}`, one.severity), " ", element("code", "", one.rule), " ", link, " ", place);
    const message = element("span", "message");
    one.message.split("`").forEach((part, at, parts) => {
      const isCode = at % 2 === 1 && at < parts.length - 1;
      message.append(isCode ? element("code", "", part) : `${at % 2 ? "`" : ""}${part}`);
    });
    item.append(title, message);
    return item;
  };
  const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const summary = (findings) => {
    const parts = ["error", "warning", "note"]
      .map((severity) => [findings.filter((one) => one.severity === severity).length, severity])
      .filter(([count]) => count);
    const valid = !findings.some((one) => one.severity === "error");
    const rest = parts.map(([count, severity]) => counted(count, severity)).join(", ");
    return `${valid ? "valid" : "invalid"}${rest ? `: ${rest}` : ""}`;
  };

  const check = async () => {
    if (!text.value.trim()) return say("Paste a response first.");
    try {
      judge ??= await start();
    } catch (error) {
      return say(error instanceof Absent ? error.message : `Python could not be loaded: ${error.message}`);
    }
    const name = form.dataset.package;
    const verdicts = JSON.parse(judge(name, byId("check-shape").value, text.value, byId("check-spelling").value, byId("check-strict").checked));
    const shown = verdicts.map((one) => {
      const part = element("section", "verdict");
      const title = one.unreadable ? `unreadable: ${one.unreadable}` : summary(one.findings);
      part.append(element("h3", "", verdicts.length > 1 ? `Line ${one.line}: ${title}` : title));
      if (one.findings?.length) {
        const list = element("ul", "findings");
        list.append(...one.findings.map(finding));
        part.append(list);
      }
      return part;
    });
    results.replaceChildren(...shown);
    results.dataset.verdicts = JSON.stringify(verdicts);
    results.scrollIntoView({ block: "nearest" });
    const invalid = verdicts.filter((one) => one.unreadable || one.findings.some((f) => f.severity === "error")).length;
    say(verdicts.length > 1 ? `${verdicts.length - invalid} of ${counted(verdicts.length, "response")} valid` : "");
  };

  byId("check-example")?.addEventListener("click", () => {
    const open = document.querySelector("details[name=example][open]") ?? document.querySelector("details[name=example]");
    text.value = open.querySelector("pre").textContent;
    byId("check-shape").value = open.dataset.shape;
    text.focus();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); check(); });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); check(); }
  });
  text.addEventListener("dragover", (event) => event.preventDefault());
  text.addEventListener("drop", async (event) => {
    const file = event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    text.value = await file.text();
    check();
  });
})();
