"use strict";

// Copy buttons: without this script the text stands there all the same.
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const code = button.closest(".code").querySelector("code");
    let done = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Select and copy";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

// The ledger: entries are found by their words, and the one that the address names is open.
(() => {
  const form = document.getElementById("seek");
  if (!form) return;
  const entries = [...document.querySelectorAll("article.entry")].map((entry) => ({
    entry,
    text: [...entry.querySelectorAll("summary, dl, p")].map((part) => part.textContent).join(" ").toLowerCase(),
  }));
  const apply = () => {
    const sought = form.elements.q.value.trim().toLowerCase().split(/\s+/);
    for (const { entry, text } of entries) entry.hidden = !sought.every((word) => text.includes(word));
    for (const section of document.querySelectorAll("section.release")) {
      section.hidden = !section.querySelector("article.entry:not([hidden])");
    }
    form.querySelector("output").textContent = `${entries.filter(({ entry }) => !entry.hidden).length} of ${entries.length}`;
  };
  const open = () => {
    const details = document.getElementById(location.hash.slice(1))?.querySelector("details");
    if (!details) return;
    details.open = true;
    details.scrollIntoView();
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  addEventListener("hashchange", open);
  apply();
  open();
})();

// The matrix. Everything it needs stands in its squares: the class of each is its verdict.
(() => {
  const table = document.getElementById("matrix");
  if (!table) return;
  const form = document.getElementById("filters");
  const scroll = document.getElementById("scroll");
  const status = document.getElementById("status");
  const found = document.getElementById("found");
  const expand = document.getElementById("expand");
  const heads = [...table.querySelectorAll(".columns th")];
  const groups = [...table.querySelectorAll(".groups th[data-group]")];
  const words = {};
  const symbols = {};
  for (const dt of document.querySelectorAll(".key .mark")) {
    const letter = dt.classList[1];
    symbols[letter] = dt.firstElementChild.textContent;
    words[letter] = dt.lastChild.textContent.trim();
  }
  const letters = Object.keys(words);
  const few = document.body.classList.contains("few"); // then there is room for words
  const hiding = document.head.appendChild(document.createElement("style"));

  const summary = () => Object.assign(document.createElement("span"), { className: "sum" });
  const sections = [...table.querySelectorAll("tbody.list")].map((list) => {
    const head = list.previousElementSibling;
    const button = head.querySelector("button");
    const th = head.querySelector("th");
    const sum = th.appendChild(summary());
    const rows = [...list.rows].map((row) => {
      const squares = [...row.cells].slice(1);
      const deviations = new Set([...row.querySelectorAll("td[data-d]")].map((td) => td.dataset.d));
      return {
        row, squares,
        marks: squares.map((td) => td.className[0]),
        text: `${row.cells[0].textContent} ${[...deviations].join(" ")}`.toLowerCase(),
        sum: row.cells[0].appendChild(summary()),
      };
    });
    return { list, head, button, rows, sum, open: false, text: button.textContent.toLowerCase() };
  });
  const phone = matchMedia("(max-width: 700px)");
  const firsts = heads.flatMap((th, place) => th.dataset.group !== heads[place - 1]?.dataset.group
    ? [`#matrix tbody td:nth-child(${place + 2}),#matrix .columns th:nth-child(${place + 1})`] : []);
  const lines = `${firsts.join(",")}{border-left-color:var(--line)}`;

  function wanted() {
    const data = new FormData(form);
    return {
      q: (data.get("q") || "").trim().toLowerCase(),
      verdicts: new Set(data.getAll("verdict")),
      columns: heads.map((th) =>
        ["implementation", "version", "dialect", "backend", "driver", "cell"].every((axis) => {
          const value = data.get(axis);
          const own = axis === "implementation" ? th.dataset.impl : axis === "cell" ? th.dataset.slug : th.dataset[axis];
          return !value || value === own;
        })),
    };
  }

  function tell(counts) {
    const told = letters.filter((one) => counts[one] && one !== "n");
    return (told.length ? told : ["n"]).map((one) => {
      const span = document.createElement("span");
      span.className = `count ${one}`;
      span.textContent = `${symbols[one]} ${counts[one]} ${words[one]}`;
      return span;
    });
  }

  function apply() {
    const { q, verdicts, columns } = wanted();
    const shown = columns.flatMap((there, place) => (there ? [place] : []));
    const narrow = q || verdicts.size > 0;
    hideColumns(columns);
    table.classList.toggle("one", shown.length === 1);
    table.classList.toggle("only", verdicts.size > 0);
    let rowsShown = 0;
    const totals = {};
    const spelt = few ? heads.keys() : shown.length === 1 ? shown : [];
    for (const place of spelt) spell(place);
    for (const section of sections) {
      const counts = {};
      let matching = 0;
      for (const one of section.rows) {
        const mine = {};
        for (const place of shown) mine[one.marks[place]] = (mine[one.marks[place]] || 0) + 1;
        const told = !q || q.split(/\s+/).every((word) => one.text.includes(word) || section.text.includes(word));
        for (const [letter, n] of Object.entries(told ? mine : {})) totals[letter] = (totals[letter] || 0) + n;
        const there = told && (verdicts.size === 0 || Object.keys(mine).some((letter) => verdicts.has(letter)));
        one.row.hidden = !there;
        matching += there;
        if (phone.matches) one.sum.replaceChildren(...tell(mine));
        for (const [letter, n] of Object.entries(mine)) counts[letter] = (counts[letter] || 0) + n;
        if (verdicts.size) one.squares.forEach((td, place) => td.classList.toggle("off", !verdicts.has(one.marks[place])));
      }
      rowsShown += matching;
      if (phone.matches) section.sum.replaceChildren(...tell(counts));
      section.head.hidden = narrow && matching === 0;
      show(section, matching > 0 && (narrow || section.open));
    }
    for (const chip of form.querySelectorAll(".chip")) {
      chip.querySelector("b").textContent = totals[chip.querySelector("input").value] || 0;
    }
    found.textContent = narrow || shown.length < heads.length
      ? `${rowsShown} requirements, ${shown.length} of ${heads.length} cells` : "";
    expand.textContent = sections.every((one) => one.open) ? "Close all" : "Open all";
    remember();
  }

  function spell(place) {
    for (const { rows } of sections) {
      for (const { squares, marks } of rows) squares[place].dataset.w = words[marks[place]];
    }
  }

  function show(section, open) {
    section.list.hidden = !open;
    section.button.setAttribute("aria-expanded", String(open));
  }

  function hideColumns(columns) {
    const rules = columns.flatMap((there, place) => there ? [] : [
      `#matrix tbody td:nth-child(${place + 2})`, `#matrix .columns th:nth-child(${place + 1})`]);
    hiding.textContent = lines + (rules.length ? `${rules.join(",")}{display:none!important}` : "");
    for (const group of groups) {
      const size = heads.filter((th, place) => columns[place] && th.dataset.group === group.dataset.group).length;
      group.hidden = size === 0;
      group.colSpan = size || 1;
    }
  }

  // What was chosen stands in the address, so that it can be sent to somebody.
  function remember() {
    const data = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const text = data.toString();
    if (text || location.hash.includes("=")) history.replaceState(null, "", `#${text}`);
  }

  function recall() {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (hash.includes("=")) {
      const data = new URLSearchParams(location.hash.slice(1));
      for (const field of form.elements) {
        if (!field.name) continue;
        if (field.type === "checkbox") field.checked = data.getAll("verdict").includes(field.value);
        else field.value = data.get(field.name) || "";
      }
    } else if (hash) {
      const section = sections.find((one) => one.rows.some(({ row }) => row.id === hash));
      if (section) {
        section.open = true;
        apply();
        const row = document.getElementById(hash);
        row.scrollIntoView({ block: "center" });
        focus(row.cells[0]);
        return;
      }
    }
    apply();
  }

  // Focus: one stop of the tab key for the whole table, and arrow keys in it.
  const target = (cell) => cell.querySelector("a, button") || cell;
  let current = null;

  function focus(cell) {
    if (current) current.tabIndex = -1;
    current = target(cell);
    current.tabIndex = 0; // a square without a link gets it now, not all of them at the start
    current.focus();
    if (!phone.matches) scroll.scrollIntoView({ block: "nearest" }); // no browser does it for a head that sticks
  }

  function visible(row) {
    return [...row.cells].filter((cell) => cell.offsetParent !== null);
  }

  function move(cell, key, whole) {
    const rows = [...table.rows].filter((row) => !row.parentElement.hidden && !row.hidden
      && !row.classList.contains("groups") && row.offsetParent !== null);
    const row = cell.closest("tr");
    const inHead = row.classList.contains("columns");
    const index = cell.cellIndex + (inHead ? 1 : 0);
    const at = (other, place) => other && (other.classList.contains("columns")
      ? other.cells[Math.max(place - 1, 0)] : other.cells[place]);
    const cells = visible(row);
    const place = cells.indexOf(cell);
    const line = rows.indexOf(row);
    switch (key) {
      case "ArrowRight": return cells[place + 1];
      case "ArrowLeft": return cells[place - 1];
      case "ArrowDown": return at(rows[line + 1], index);
      case "ArrowUp": return at(rows[line - 1], index);
      case "PageDown": return at(rows[Math.min(line + 10, rows.length - 1)], index);
      case "PageUp": return at(rows[Math.max(line - 10, 0)], index);
      case "Home": return whole ? at(rows[0], index) : cells[0];
      case "End": return whole ? at(rows.at(-1), index) : cells.at(-1);
      default: return undefined;
    }
  }

  function describe(cell) {
    const row = cell.closest("tr");
    const head = row.parentElement.tagName === "THEAD";
    if (head) return cell.dataset.title || "";
    const name = row.cells[0].querySelector("a, button");
    const label = name.tagName === "A" ? name.textContent : name.firstElementChild.nextSibling.textContent.trim();
    if (cell.cellIndex === 0) return row.id ? `${label}: ${row.querySelector(".says").textContent}` : label;
    const verdict = cell.dataset.n
      ? cell.dataset.n.trim().split(" ").map((one) => `${one.slice(1)} ${words[one[0]]}`).join(", ")
      : words[cell.className[0]];
    const deviation = cell.dataset.d ? `, by ${cell.dataset.d}` : "";
    return `${label} × ${heads[cell.cellIndex - 1].dataset.title}: ${verdict}${deviation}`;
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td, th");
    const next = cell && !event.altKey && !event.metaKey && move(cell, event.key, event.ctrlKey);
    if (next) {
      event.preventDefault();
      focus(next);
    }
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td, th");
    status.textContent = describe(cell);
    if (cell.tagName === "TD") event.target.setAttribute("aria-label", status.textContent);
  });
  table.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("td, .columns th");
    status.textContent = cell ? describe(cell) : "";
  });
  table.addEventListener("mouseleave", () => { status.textContent = ""; });
  table.addEventListener("focusout", () => { status.textContent = ""; });
  table.addEventListener("click", (event) => {
    const section = sections.find(({ button }) => button === event.target.closest("button"));
    if (!section) return;
    section.open = section.button.getAttribute("aria-expanded") === "false";
    show(section, section.open);
    expand.textContent = sections.every((one) => one.open) ? "Close all" : "Open all";
  });
  expand.addEventListener("click", () => {
    const open = !sections.every((one) => one.open);
    for (const one of sections) one.open = open;
    apply();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", recall);
  phone.addEventListener("change", apply);

  for (const one of table.querySelectorAll("a, button")) one.tabIndex = -1;
  current = sections[0].button;
  current.tabIndex = 0;
  form.hidden = false;
  if (document.readyState !== "complete") { // a browser that goes to the address's place takes the focus away
    addEventListener("load", () => setTimeout(() => location.hash.includes("-") && recall()));
  }
  form.querySelector("details").open = !phone.matches || location.hash.includes("=");
  recall();
})();
