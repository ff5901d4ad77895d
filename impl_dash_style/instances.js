// The stock renderer takes the values of MATCH in `running` from the inputs that changed. An initial call has
// none, and an input that changed need not have them; then it fails before it sends its request. The outputs
// always have them.
const longCallbackHooks = {
  request_pre(payload) {
    const ids = [payload.outputs].flat(2).map((output) => output?.id).filter((id) => id instanceof Object);
    if (ids.length || !payload.parsedChangedPropsIds.length) {
      payload.parsedChangedPropsIds = [Object.assign({}, ...ids)];
    }
  },
};

// It also fails where `running` has an id with ALL and no id on the page has its keys, and where other ids have them it
// sets a component that does not exist. So an entry is left out while no component matches it.
(() => {
  const send = window.fetch.bind(window);

  function finds(entry) {
    const pattern = entry.startsWith("{") ? JSON.parse(entry.slice(0, entry.lastIndexOf("}") + 1)) : {};
    const keys = Object.keys(pattern);
    const isWild = (key) => Array.isArray(pattern[key]);
    if (!keys.some((key) => isWild(key) && pattern[key].includes("ALL"))) return true;
    const { paths } = window.dash_stores.at(-1).getState();
    const ids = paths.objs[keys.join()] ?? [];
    return ids.some(({ values }) => keys.every((key, i) => isWild(key) || pattern[key] === values[i]));
  }

  const present = { ownKeys: (entries) => Reflect.ownKeys(entries).filter(finds) };

  window.fetch = async (url, options) => {
    const answer = await send(url, options);
    if (!String(url).includes("_dash-dependencies")) return answer;
    const callbacks = await answer.json();
    for (const { running } of callbacks) {
      for (const name in running) running[name] = new Proxy(running[name], present);
    }
    answer.json = async () => callbacks;
    return answer;
  };
})();
