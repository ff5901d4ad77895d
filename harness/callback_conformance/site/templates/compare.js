"use strict";

// Two cells side by side, with only what differs. The choice stands in the address.
(() => {
  const { cells, entries, requirements } = window.compared;
  const bySlug = new Map(cells.map((cell) => [cell.slug, cell]));
  const form = document.getElementById("compare");
  const place = document.getElementById("differences");

  function element(tag, attributes, ...children) {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  }

  const shown = (cell) => new Set(Object.values(cell.violated).flat());
  const minus = (first, second) => [...first].filter((one) => !second.has(one)).sort((a, b) => a - b); // the worst first

  function listed(numbers) {
    if (!numbers.length) return element("p", { className: "quiet" }, "Nothing.");
    return element("ul", { className: "entries" }, ...numbers.map((number) => {
      const [title, impact, page] = entries[number];
      return element("li", {}, element("span", { className: `impact i-${impact.replace(" ", "-")}` }, impact), " ",
        element("a", { href: page }, title.replaceAll("`", "")));
    }));
  }

  function obligations(ids, cell) {
    return element("p", {}, ...ids.flatMap((id, number) => [
      number ? ", " : "",
      element("a", { href: `requirements/${id}.html`, title: requirements[id] }, id),
      id in cell.violated ? " (violated)" : "",
    ]));
  }

  function side(cell, other, what) {
    const own = minus(shown(cell), shown(other));
    const apply = cell.applies.filter((id) => !other.applies.includes(id));
    const parts = [
      element("h2", {}, element("a", { href: `cells/${cell.slug}.html` }, cell.title)),
      element("p", {}, `${cell.applies.length - Object.keys(cell.violated).length} of ${cell.applies.length} requirements kept (${cell.percent} %).`),
      element("h3", {}, `${what} (${own.length})`),
      listed(own),
    ];
    if (apply.length) parts.push(element("h3", {}, `Requirements that apply only here (${apply.length})`), obligations(apply, cell));
    return element("section", {}, ...parts);
  }

  function draw() {
    const first = bySlug.get(form.elements.from.value);
    const second = bySlug.get(form.elements.to.value);
    const both = [...shown(first)].filter((one) => shown(second).has(one)).sort((a, b) => a - b);
    const common = element("details", { className: "log" }, element("summary", {}, `In both (${both.length})`), listed(both));
    place.replaceChildren(element("div", { className: "sides" }, side(first, second, "Gone with the change"), side(second, first, "New with the change")), common);
    document.title = `${first.title} and ${second.title} · callback-conformance`;
  }

  function recall() {
    const chosen = new URLSearchParams(location.hash.slice(1));
    for (const name of ["from", "to"]) {
      const slug = (chosen.get(name) || "").replaceAll(" ", "+");
      if (bySlug.has(slug)) form.elements[name].value = slug;
    }
    draw();
  }

  function remember() {
    history.replaceState(null, "", `#${new URLSearchParams([["from", form.elements.from.value], ["to", form.elements.to.value]])}`);
    draw();
  }

  // Before anything is chosen: the newest cell of which the matrix has an earlier version, and that.
  const variant = (slug) => slug.replace(/@[^-]+/, "");
  const slugs = [...form.elements.from.options].map((option) => option.value);
  const earlier = (slug) => slugs.slice(slugs.indexOf(slug) + 1).find((other) => variant(other) === variant(slug));
  const newest = slugs.find(earlier) || slugs[0];
  form.elements.to.value = newest;
  form.elements.from.value = earlier(newest) || newest;
  form.hidden = false;
  form.addEventListener("change", remember);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("swap").addEventListener("click", () => {
    const { from, to } = form.elements;
    [from.value, to.value] = [to.value, from.value];
    remember();
  });
  document.getElementById("link").addEventListener("click", async (event) => {
    remember();
    try {
      await navigator.clipboard.writeText(location.href);
      event.target.textContent = "Copied";
    } catch {
      event.target.textContent = "It is in the address";
    }
    setTimeout(() => { event.target.textContent = "Copy link"; }, 2000);
  });
  addEventListener("hashchange", recall);
  recall();
})();
