// What a page of our Taipy style sends and receives: requests, and a stream of events (`page.js`).
({ saw, nextKey }) => {
  const send = window.fetch.bind(window);
  const due = new Map(); // key of an answer -> the number of the event that it waits for
  let number = 0; // of the newest event that the page has shown
  let settled;
  const opening = new Promise((done) => (settled = done));

  function reached(newest) {
    number = Number(newest);
    for (const [key, awaited] of due) answered(key, awaited);
  }

  function answered(key, awaited) {
    due.set(key, awaited);
    if (awaited <= number && due.delete(key)) saw("answered", { key });
  }

  function take({ set, notify }) {
    if (set) saw("sets", { values: set });
    if (notify) saw("notifies", { kind: notify.type, message: notify.message });
  }

  window.fetch = async (resource, options) => {
    const isOpening = resource === "state";
    const key = isOpening ? "" : nextKey();
    const answer = await send(resource, options).catch((error) => {
      saw("fails", { status: 0, text: `${resource}: ${error.message}` });
      throw error;
    });
    if (answer.ok) {
      const fields = await answer.clone().json();
      if (!isOpening) answered(key, fields.number);
      else
        try {
          opened(fields);
        } catch (error) {
          settled(`what its script cannot read: ${error.message}`);
        }
    } else {
      const text = await answer.clone().text();
      if (isOpening) settled(`${answer.status}: ${text}`);
      saw("fails", { status: answer.status, text });
      answered(key, 0);
    }
    return answer;
  };

  function opened({ values, notifications, number: newest }) {
    take({ set: values });
    for (const notify of notifications) take({ notify });
    reached(newest);
  }

  window.EventSource = class extends EventSource {
    constructor(url) {
      super(url);
      this.addEventListener("open", () => settled(""));
      this.addEventListener("error", () => saw("loses", { why: "the stream of events was closed by the server" }));
    }

    set onmessage(show) {
      super.onmessage = (event) => {
        show(event);
        take(JSON.parse(event.data));
        reached(event.lastEventId);
      };
    }
  };

  return {
    // The page is open: the words of a server that refused it.
    opened: () => opening,
    fence(key) {
      const fields = send("state").then((answer) => answer.json());
      fields.then((state) => answered(key, state.number), () => {}); // who waits for it says that none came
    },
  };
}
