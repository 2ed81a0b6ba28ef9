// The page works without this: it adds search, a filter, copying and a switch of theme.
"use strict";

(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const up = root.dataset.up;
  root.dataset.scripted = "";

  // --- theme ---------------------------------------------------------------------------
  const theme = byId("theme");
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const showTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  const kept = (() => { try { return localStorage.getItem("shapespec-theme"); } catch { return null; } })();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("shapespec-theme", root.dataset.theme); } catch { /* it is kept for this visit only */ }
    showTheme();
  });
  showTheme();

  // --- search --------------------------------------------------------------------------
  const field = byId("search");
  const list = byId("results");
  const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  let entries = null;
  let loading = null;

  const load = () => {
    loading ??= globalThis.shapespec?.index ? Promise.resolve() : new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${up}search.js`;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading.then(() => {
      entries ??= globalThis.shapespec.index.map(([kind, name, anchor, said, page = "index.html"]) => {
        const last = name.slice(name.lastIndexOf(".") + 1);
        return { kind, name, anchor, said, page, last: plain(last), whole: plain(name), words: said.toLowerCase() };
      });
    });
  };

  const inOrder = (text, wanted) => {
    let at = -1;
    for (const sign of wanted) {
      at = text.indexOf(sign, at + 1);
      if (at < 0) return false;
    }
    return true;
  };

  // Less is better; none where it does not match.
  const orders = { member: 0, value: 0.2 };
  const byName = (entry, name) => {
    if (!name) return null;
    const order = orders[entry.kind] ?? 0.4;
    if (entry.last === name || entry.whole === name) return order;
    if (entry.last.startsWith(name)) return 1 + order;
    if (entry.last.includes(name)) return 2 + order;
    return entry.whole.includes(name) ? 3 + order : null;
  };
  const byWords = (entry, words) => {
    const order = orders[entry.kind] ?? 0.4;
    if (words.length && words.every((word) => entry.words.includes(word) || entry.whole.includes(word))) return 4 + order;
    return null;
  };
  const byLetters = (entry, name) =>
    name.length > 2 && inOrder(entry.last, name) ? 5 + (orders[entry.kind] ?? 0.4) : null;

  // Meanings are looked through only where names do not fill the list, and names that have
  // the letters in this order (for mistyped ones) only where little else is found.
  const few = 3;
  const find = (query) => {
    const name = plain(query);
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const look = (scored) => {
      const found = [];
      for (const entry of entries) {
        const points = scored(entry);
        if (points !== null) found.push({ entry, points });
      }
      return found;
    };
    const named = look((entry) => byName(entry, name));
    const meant = (entry) => byName(entry, name) ?? byWords(entry, words);
    let found = named.length >= 40 ? named : look(meant);
    if (found.length < few) found = look((entry) => meant(entry) ?? byLetters(entry, name));
    found.sort((one, other) => one.points - other.points || one.entry.last.length - other.entry.last.length);
    return found.slice(0, 40).map((one) => one.entry);
  };

  let selected = -1;
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const select = (index) => {
    const items = [...list.querySelectorAll("[role=option]")];
    if (!items.length) return;
    selected = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === selected)));
    items[selected].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", items[selected].id);
  };
  const here = root.dataset.page;
  const reveal = (anchor, page) => {
    close();
    field.blur();
    if (page !== undefined && page !== here && !byId(anchor)) {
      location.href = `${up}${page}#${anchor}`;
      return;
    }
    if (location.hash === `#${anchor}`) byId(anchor)?.scrollIntoView();
    location.hash = anchor;
    const target = byId(anchor);
    if (target) {
      target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: true });
    }
  };
  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  };
  const show = async () => {
    const query = field.value.trim();
    if (!query) return close();
    await load();
    if (field.value.trim() !== query) return;
    const found = find(query);
    const items = found.map((entry, index) => {
      const item = document.createElement("li");
      item.id = `result-${index}`;
      item.setAttribute("role", "option");
      item.dataset.anchor = entry.anchor;
      item.dataset.page = entry.page;
      item.append(element("span", "kind", entry.kind), element("code", "", entry.name), element("span", "said", entry.said));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); reveal(entry.anchor, entry.page); });
      return item;
    });
    if (!items.length) {
      const none = element("li", "none", `Nothing is called “${query}”, and nothing is said about it.`);
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      items.push(none);
    }
    list.replaceChildren(...items);
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    if (found.length) select(0);
  };
  // A link to the contract page may be about a part that has a page of its own.
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (wanted && !byId(wanted)) {
    load().then(() => {
      const found = entries.find((entry) => entry.anchor === wanted);
      if (found && found.page !== here) location.replace(`${up}${found.page}#${wanted}`);
    });
  }

  field.addEventListener("focus", () => { load(); if (field.value) show(); });
  field.addEventListener("input", show);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); select(selected + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); select(selected - 1); }
    else if (event.key === "Escape") { field.value = ""; close(); field.blur(); }
    else if (event.key === "Enter") {
      const chosen = list.querySelector("[aria-selected=true]");
      if (chosen && !list.hidden) reveal(chosen.dataset.anchor, chosen.dataset.page);
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  if (matchMedia("(max-width: 50rem)").matches) document.querySelector("nav.tree > details").open = false;

  // --- the tree ------------------------------------------------------------------------
  const tree = document.querySelector("nav.tree");
  const filter = byId("filter");
  filter?.addEventListener("input", () => {
    const wanted = plain(filter.value);
    const keep = (item) => {
      const below = [...item.querySelectorAll(":scope > details > ul > li")].map(keep).some(Boolean);
      const link = item.querySelector(":scope > a");
      const here = plain(link.textContent).includes(wanted);
      item.hidden = Boolean(wanted) && !here && !below;
      const fold = item.querySelector(":scope > details");
      if (fold) fold.open = Boolean(wanted) && below;
      return here || below;
    };
    tree.querySelectorAll(".branches > li").forEach(keep);
  });

  const unfold = byId("unfold");
  unfold?.addEventListener("click", () => {
    const open = unfold.textContent === "Unfold all";
    for (const fold of tree.querySelectorAll(".branches details")) fold.open = open;
    unfold.textContent = open ? "Fold all" : "Unfold all";
  });

  // The tree follows the reference: the member at the top of the page is marked in it.
  const links = new Map();
  for (const link of tree.querySelectorAll(".branches a")) {
    const id = link.getAttribute("href").slice(1);
    if (!links.has(id)) links.set(id, link);
  }
  let current = null;
  const follow = (id) => {
    const link = links.get(id);
    if (!link || link === current) return;
    current?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "location");
    current = link;
    if (filter && filter.value) return;
    const own = link.parentElement.querySelector(":scope > details");
    if (own) own.open = true;
    for (let fold = link.parentElement.closest("details"); fold && tree.contains(fold); fold = fold.parentElement.closest("details")) fold.open = true;
    if (tree.scrollHeight > tree.clientHeight && getComputedStyle(tree).position === "sticky") {
      const box = link.getBoundingClientRect();
      const frame = tree.getBoundingClientRect();
      if (box.top < frame.top || box.bottom > frame.bottom) tree.scrollTop += box.top - frame.top - frame.height / 3;
    }
  };
  const seen = new IntersectionObserver((changes) => {
    for (const change of changes) if (change.isIntersecting) follow(change.target.id);
  }, { rootMargin: "-64px 0px -80% 0px" });
  document.querySelectorAll(".member").forEach((member) => seen.observe(member));

  // --- the contract of a day -----------------------------------------------------------
  const times = byId("times");
  if (times) {
    const days = times.dataset.days.split("|").map((one) => one.split(" "));
    const [day, since] = [byId("day"), byId("since")];
    const dated = [...document.querySelectorAll("[data-born]")];
    const inTree = new Map();
    for (const link of tree.querySelectorAll(".branches a")) {
      const id = link.getAttribute("href").slice(1);
      inTree.set(id, [...(inTree.get(id) ?? []), link.parentElement]);
    }
    const showDay = () => {
      if (Number(since.value) > Number(day.value)) since.value = day.value;
      const [to, version] = days[day.value];
      const [from] = days[since.value];
      const counts = { known: 0, came: 0, went: 0 };
      for (const one of dated) {
        const { born, gone } = one.dataset;
        const came = born > from && born <= to;
        const went = gone !== undefined && gone > from && gone <= to;
        const over = gone !== undefined && gone <= to && !went;
        for (const place of [one, ...(inTree.get(one.id) ?? [])]) {
          place.classList.toggle("not-yet", born > to);
          place.classList.toggle("over", over);
          place.classList.toggle("came", came && born <= to);
          place.classList.toggle("went", went);
        }
        if (!one.matches(".member")) continue;
        counts.known += born <= to && !over && !went ? 1 : 0;
        counts.came += came ? 1 : 0;
        counts.went += went ? 1 : 0;
      }
      const latest = Number(day.value) === days.length - 1;
      byId("day-shown").textContent = latest ? "the latest release" : to;
      byId("since-shown").textContent = from === to ? "(nothing marked)" : from;
      day.setAttribute("aria-valuetext", `${to}, ${version}`);
      since.setAttribute("aria-valuetext", from);
      const marked = from === to ? "" : `; ${counts.came} came and ${counts.went} went since ${from}`;
      byId("times-said").textContent = latest && from === to ? "" : `${to}, ${version}: ${counts.known} members${marked}. Constraints are shown as they are now; the history of a member says what they were.`;
    };
    day.addEventListener("input", showDay);
    since.addEventListener("input", showDay);
    showDay();
  }

  // --- copying, printing ---------------------------------------------------------------
  for (const example of document.querySelectorAll("pre.example")) {
    const button = element("button", "copy", "Copy");
    button.type = "button";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(example.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(example);
        button.textContent = "Selected: press Ctrl+C";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    const frame = element("div", "copied", "");
    example.before(frame);
    frame.append(example, button);
  }
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) { one.removeAttribute("name"); one.open = true; }
  });
  addEventListener("afterprint", () => { for (const one of folded) one.open = false; });
})();
