// Runs in a page before the page's own scripts. It sees the renderer's requests, their answers and each
// change of its store in the order in which the page does; it keeps polls back until the test lets them
// pass, and answers when the test says so. To the renderer that is a slow network, and nothing else.
({ requestMs, restMs }, forOlder) => {
  const send = window.fetch.bind(window);
  const seen = []; // what was observed since the test last called, as JSON: objects may change later
  const gate = []; // polls that the page wants to send
  const held = []; // answers that are on their way
  const lost = new Set(); // jobs whose last poll was lost
  const jobless = new Set(); // keys of polls for jobs that the server does not name
  const statuses = new Map(); // the text of a refusal -> its status
  let underWay = 0; // requests that wait for the server
  let holding = false;
  let delaying = false; // what is held arrives after the page's next polls
  let free = false; // polls pass at once
  let away = false; // nobody listens where the server was
  let missed = "";
  let store;
  let latest; // the store's state when it was last looked at

  const older = forOlder({ state: () => store.getState(), gate, isFree: () => free });

  const saw = (what, facts) =>
    seen.push(JSON.stringify({ what, at: performance.timeOrigin + performance.now(), facts }));

  // Requests and answers.

  window.fetch = (resource, options) =>
    String(resource).includes("/_dash-update-component") && options?.body
      ? call(String(resource), withQuery(String(resource), options), options)
      : send(resource, options);

  // A page may send the query of a request in a header (docs/page-extensions.md).
  function withQuery(url, options) {
    const config = document.getElementById("_dash-config")?.textContent ?? "{}";
    const header = JSON.parse(config).extensions?.query_header;
    return header ? `${url}?${new Headers(options.headers).get(header)}` : url;
  }

  async function call(address, url, options) {
    const body = JSON.parse(options.body);
    const request = { output: body.output, query: namesIn(url) };
    const job = named("job", url) ?? named("cacheKey", url);
    const isPoll = request.query.includes("cacheKey");
    const fault = isPoll && !free ? await new Promise((pass) => gate.push({ job, pass })) : older.faultOf(body);
    lost.delete(job);
    if (fault === "refused") return refusal(request);
    const answer = await answered(address, options, request, fault).catch((error) => {
      lost.add(job);
      saw("loses", { request: request.output, why: error.message });
      throw error;
    });
    const followed = await follow(url, answer.clone());
    if (holding) await new Promise((arrive) => held.push({ job: job ?? followed, arrive }));
    return answer;
  }

  const named = (name, url) => new RegExp(`[?&]${name}=([^&]*)`).exec(url)?.[1]; // never encoded

  // A server may name no job: then the renderer has no record of what it polls for, and this script keeps one.
  async function follow(url, answer) {
    if (named("job", url)) return undefined;
    const body = answer.status === 200 ? await answer.json().catch(() => ({})) : { response: {} };
    const key = named("cacheKey", url) ?? body.cacheKey;
    if (!key || body.job) return undefined;
    if (body.response === undefined) jobless.add(key);
    else jobless.delete(key);
    return key;
  }

  async function answered(url, options, { output, query }, fault) {
    saw("asks", { output, query });
    if (away) throw new TypeError("connection refused");
    underWay += 1;
    try {
      const answer = await send(url, { ...options, signal: AbortSignal.timeout(requestMs) });
      const text = await answer.clone().text();
      if (fault === "lost") throw new TypeError("connection cut");
      if (![200, 204].includes(answer.status)) statuses.set(text, answer.status);
      saw("hears", { output, status: answer.status, body: text, type: answer.headers.get("content-type") });
      return answer;
    } finally {
      underWay -= 1;
    }
  }

  function refusal({ output }) {
    saw("loses", { request: output, why: "502 Bad Gateway" });
    statuses.set("Bad Gateway", 502);
    return new Response("Bad Gateway", { status: 502, headers: { "content-type": "text/plain" } });
  }

  const namesIn = (url) => [...new URL(url, location).searchParams.keys()].filter((n) => n !== "endId");

  // The renderer's store. It offers each store that it makes to the list `dash_stores`; an older one puts it
  // into the window.

  window.dash_stores = [];
  window.dash_stores.push = function (created) {
    take(created);
    return Array.prototype.push.call(this, created);
  };
  Object.defineProperty(window, "store", { get: () => store, set: take });

  function take(created) {
    if (created === store) return;
    store = created;
    latest = created.getState();
    created.subscribe(look);
  }

  function look() {
    const before = latest;
    latest = store.getState();
    if (!latest.layoutHashes)
      for (const { id, name, value } of older.changes(before.layout, latest.layout)) shows(id, name, value);
    for (const [path, update] of Object.entries(latest.layoutHashes ?? {})) {
      const earlier = before.layoutHashes[path];
      if (earlier !== update) changed(path, update, earlier?.hash ?? 0);
    }
    for (const kind of ["frontEnd", "backEnd"]) {
      const added = latest.error[kind].filter((entry) => !before.error[kind].includes(entry));
      for (const { error } of added.reverse()) failed(error); // the newest stands first
    }
  }

  function changed(path, { hash, changedProps }, earlier) {
    const id = at(path.split(","))?.props?.id;
    if (hash !== earlier + 1) missed = `${hash - earlier - 1} changes of ${id}`;
    for (const [name, value] of Object.entries(changedProps)) if (id) shows(id, name, value);
  }

  function shows(id, name, value) {
    if (!name.endsWith("_timestamp")) saw("shows", { prop: `${written(id)}.${name}`, value, source: "browser" });
  }

  function failed({ message, html }) {
    saw("fails", { status: statuses.get(html) ?? 0, text: String(html || message) });
  }

  const at = (path) => path.reduce((part, key) => part?.[key], store.getState().layout);
  const component = (id) => at(pathOf(id, store.getState().paths) ?? ["nowhere"]);

  // Ids are strings, those with keys in JSON with sorted keys.
  const written = (id) => (typeof id === "object" ? JSON.stringify(id, Object.keys(id).sort()) : id);

  function pathOf(id, { strs, objs }) {
    if (!id.startsWith("{")) return strs[id];
    const keys = Object.keys(JSON.parse(id)).sort();
    const values = JSON.stringify(keys.map((key) => JSON.parse(id)[key]));
    return objs[keys.join(",")]?.find((entry) => JSON.stringify(entry.values) === values)?.path;
  }

  // Coming to rest.

  // One round of the event loop. A timer of 0 ms that was set earlier has fired (browsers stretch it to 4 ms
  // at most), and what the page then had to do is done, drawing included: background tasks come last.
  const round = () =>
    new Promise((done) => setTimeout(() => scheduler.postTask(done, { priority: "background" }), 5));

  // At rest: a whole round changed nothing, no request is under way, no component still loads its code.
  async function rest() {
    const enough = performance.now() + restMs;
    let before;
    do {
      if (performance.now() > enough) throw new Error("the page does not come to rest");
      before = store.getState();
      await round();
    } while (underWay || before !== store.getState() || before.callbacks.blocked.length);
  }

  // The jobs that the page will poll for. A lost poll ends that, unless whoever called fetch sends it again:
  // then the renderer knows of no failure, and still watches the callback.
  function polled() {
    const { callbackJobs, callbacks, paths } = store.getState();
    const watched = callbacks.watched.flatMap((call) => [names(call.getOutputs(paths)), call.callback.output]);
    const jobs = Object.values(callbackJobs ?? {})
      .filter(({ jobId, outdated, output }) =>
        !lost.has(jobId) || (!outdated && watched.includes(identity(output))))
      .map(({ jobId }) => jobId);
    const waited = [...jobs, ...jobless].filter((waiting) => !held.some(({ job }) => job === waiting));
    return [...waited, ...older.timers()];
  }

  // What identifies a job: its outputs, and to older renderers the name of its callback.
  const identity = (output) => (/^[^[{]/.test(output ?? "") ? output : names(output && JSON.parse(output)));

  const names = (outputs) =>
    JSON.stringify([outputs ?? []].flat(Infinity).map(({ id, property }) => [id, property]));

  const delayed = () => (delaying ? held.length : 0);

  const isAtGate = (job) => gate.some((poll) => poll.job === job);

  const waits = () =>
    underWay + gate.length + polled().length + delayed() > 0 ||
    store.getState().callbacks.watched.length > held.length;

  // What a test can call.

  const acts = {
    rest,
    polled,
    get: (id, name) => component(id)?.props[name],
    disabled: (id) => document.getElementById(id)?.matches(":disabled"),
    look: () => {},

    async opened() {
      const enough = performance.now() + restMs;
      while (store?.getState().appLifecycle !== "HYDRATED") {
        if (performance.now() > enough) throw new Error("the renderer has not built the page");
        const { layoutRequest, dependenciesRequest } = store?.getState() ?? {};
        const refused = [layoutRequest, dependenciesRequest].find((request) => request?.status >= 400);
        if (refused) return `${refused.status} ${JSON.stringify(refused.content ?? "")}`;
        await round();
      }
      await rest();
      return "";
    },
    async put(id, props) {
      const set = window.dash_clientside?.set_props ?? older.put;
      set(id.startsWith("{") ? JSON.parse(id) : id, props);
      await rest();
    },
    // Wait until the page wants to poll, at most so long: the jobs that it polls for. Before what is delayed
    // arrives, each timer ticks.
    async polls(ms) {
      const enough = performance.now() + (delayed() ? restMs : ms);
      const wanted = () => (delayed() ? older.timers().every(isAtGate) : gate.length);
      while (!wanted() && waits() && performance.now() < enough) await round();
      return { waits: waits(), jobs: gate.map(({ job }) => job), delayed: delayed() };
    },
    async pass(job, fault) {
      const at = gate.findIndex((poll) => poll.job === job);
      if (at >= 0) gate.splice(at, 1)[0].pass(fault);
      await rest();
    },
    hold() {
      holding = true;
      delaying = false;
    },
    delay() {
      holding = delaying = true;
    },
    // Let the page poll by itself for so long.
    async free(ms) {
      free = true;
      for (const { pass } of gate.splice(0)) pass("");
      await new Promise((done) => setTimeout(done, ms));
      free = false;
      await rest();
    },
    away(gone) {
      away = gone;
    },
    async arrive(count) {
      for (const { arrive } of held.splice(0, count)) {
        arrive();
        await rest();
      }
    },
    async deliver() {
      holding = delaying = false;
      await acts.arrive(held.length);
    },
    async fence() {
      await send("/_dash-layout");
      await rest();
    },
  };

  window.conformance = async (act, ...parameters) => {
    const value = await acts[act](...parameters);
    if (missed) throw new Error(`the harness missed ${missed} in the renderer's store`);
    return JSON.stringify({ value, seen: seen.splice(0) });
  };
}
