// The stock renderer stops polling for good when a request gets no answer, and `running` keeps its on values. So
// the requests of background callbacks are repeated here until the server answers. It recognises a repeated one
// by its `order`, which counts these requests of this page, and by `again`.
// The query of each request, which holds the page's handles, goes into a header: logs have the address.
(() => {
  const { extensions } = JSON.parse(document.getElementById("_dash-config").textContent);
  const repeated = new Set(extensions.repeats);
  const fetch = window.fetch.bind(window);
  let last = 0;

  function send(path, query, options) {
    const headers = new Headers(options.headers);
    headers.set(extensions.query_header, query);
    return fetch(path, { ...options, headers });
  }

  async function untilAnswered(path, query, options) {
    // 250 ms: too short for a user to notice. 8 s: little load on a server that has been away for long.
    for (let pause = 250; ; pause = Math.min(2 * pause, 8000)) {
      try {
        const answer = await send(path, query, options);
        await answer.clone().text(); // throws if the connection is lost half-way
        if (![502, 503, 504].includes(answer.status)) return answer;
      } catch (lost) {
        console.info("long callbacks: sending a request again,", lost.message);
      }
      await new Promise((resume) => setTimeout(resume, pause));
      query = query.replace(/(&again=1)?$/, "&again=1");
    }
  }

  window.fetch = (url, options) => {
    if (!String(url).includes("_dash-update-component") || !options?.body) return fetch(url, options);
    const [path, query = ""] = String(url).split("?");
    if (!repeated.has(JSON.parse(options.body).output)) return send(path, query, options);
    return untilAnswered(path, `${query}&order=${++last}`, options);
  };
})();
