"use strict";

// The search: its index is a script, fetched when the field is first used, because a page from disk may load no data.
(() => {
  const form = document.getElementById("search");
  const field = form.elements.q;
  const panel = document.getElementById("results");
  const list = panel.querySelector("ul");
  const count = panel.querySelector("output");
  const root = document.body.dataset.root;
  const MOST = 30;
  const rank = { symptom: 0, requirement: 1, fault: 1, deviation: 2, release: 1, cell: 2, guide: 3, specification: 3 };
  let index = null;

  function load() {
    if (index) return;
    index = [];
    const script = document.createElement("script");
    script.src = `${root}search-index.js`;
    script.addEventListener("load", () => {
      index = window.searched.map(([kind, title, page, more]) => (
        { kind, title, page, low: title.toLowerCase(), all: `${title} ${more} ${kind}`.toLowerCase() }));
      show();
    });
    document.head.append(script);
  }

  // What has all words is shown: first where the title begins with them, then where it holds them.
  function score(item, words) {
    if (!words.every((word) => item.all.includes(word))) return -1;
    const inTitle = words.filter((word) => item.low.includes(word)).length;
    const exact = item.low.split(/[^\w-]+/).includes(words[0]) ? 3 : 0;
    return 4 * inTitle + exact + (item.low.startsWith(words[0]) ? 3 : 0) + 3 - rank[item.kind];
  }

  function show() {
    const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    panel.hidden = words.length === 0;
    if (panel.hidden) return;
    const hits = index.map((item) => [score(item, words), item]).filter(([points]) => points >= 0)
      .sort(([first], [second]) => second - first);
    count.textContent = hits.length > MOST ? `${hits.length} matches, the best ${MOST}` : `${hits.length} ${hits.length === 1 ? "match" : "matches"}`;
    list.replaceChildren(...hits.slice(0, MOST).map(([, item]) => {
      const link = Object.assign(document.createElement("a"), { href: root + item.page, textContent: item.title });
      link.append(Object.assign(document.createElement("small"), { textContent: item.kind }));
      const row = document.createElement("li");
      row.append(link);
      return row;
    }));
  }

  form.hidden = false;
  field.addEventListener("focus", load);
  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    const links = [field, ...list.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") panel.hidden = true;
    if (!step) return;
    event.preventDefault();
    links[links.indexOf(document.activeElement) + step]?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) panel.hidden = true;
    else if (event.target.closest("#results a")) panel.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    field.focus();
  });
})();

// The ledger: faults by words, framework, impact and state, which the address keeps.
(() => {
  const form = document.getElementById("sift");
  if (!form) return;
  const rows = [...document.querySelectorAll(".faults tbody tr")];
  const texts = rows.map((row) => `${row.textContent} ${row.dataset.text}`.toLowerCase());
  function apply() {
    const { q, release, impact, state } = Object.fromEntries(new FormData(form));
    const words = q.trim().toLowerCase().split(/\s+/);
    rows.forEach((row, place) => {
      row.hidden = !(words.every((word) => texts[place].includes(word))
        && (!release || row.dataset.release === release)
        && (!impact || row.dataset.impact.split(",").includes(impact))
        && (!state || row.dataset.state.split(" ").includes(state)));
    });
    form.querySelector("output").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
    const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value)).toString();
    if (chosen || location.hash.includes("=")) history.replaceState(null, "", `#${chosen}`);
  }
  if (location.hash.includes("=")) {
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      if (form.elements[name]) form.elements[name].value = value;
    }
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  apply();
})();

// The symptom that the address names is open.
(() => {
  const open = () => {
    const details = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (details?.tagName === "DETAILS") details.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();

// A badge's snippet names the place where this page is read.
for (const code of document.querySelectorAll(".code.badge code")) {
  code.textContent = code.textContent.replace(/\]\(([^)]+)\)/g, (whole, target) => `](${new URL(target, location.href.split("#")[0])})`);
}
