// Runs in a page before the page's own scripts. It sees what the page sends and receives in the order in
// which the page does; `protocolOf` knows the messages of its framework.
(protocolOf, { restMs }) => {
  const seen = []; // what was observed since the test last called
  const keys = []; // of the user's acts whose messages the page has not sent yet
  let seenInAll = 0;
  let wake = () => {};

  const saw = (what, facts) => {
    seen.push({ what, at: performance.timeOrigin + performance.now(), facts });
    seenInAll += 1;
    wake();
  };

  // One round of the event loop, drawing included: background tasks come last.
  const round = () =>
    new Promise((done) => setTimeout(() => scheduler.postTask(done, { priority: "background" }), 5));

  // The page shows all that it has received: a whole round brought nothing new.
  async function rest() {
    const enough = performance.now() + restMs;
    let before;
    do {
      if (performance.now() > enough) throw new Error("the page does not come to rest");
      before = seenInAll;
      await round();
    } while (before !== seenInAll);
  }

  const shownBy = (element) => (element.tagName === "INPUT" ? element.value : element.textContent);

  const acts = {
    ...protocolOf({ saw, nextKey: () => keys.shift() ?? "" }),
    expect: (key) => keys.push(key),
    click(id, key) {
      keys.push(key);
      document.getElementById(id).click(); // as a user's: a disabled button does not react
    },
    // Wait for anything new, at most so long.
    async look(ms) {
      if (seen.length) return;
      await new Promise((done) => {
        wake = done;
        setTimeout(done, ms);
      });
    },
  };

  // Call an act; what was seen meanwhile, and the text of each element that has an id.
  window.conformance = async (act, ...parameters) => {
    const value = await acts[act](...parameters);
    await rest();
    const texts = [...document.querySelectorAll("[id]")].map((element) => [element.id, shownBy(element)]);
    return JSON.stringify({ value, seen: seen.splice(0), texts });
  };
}
