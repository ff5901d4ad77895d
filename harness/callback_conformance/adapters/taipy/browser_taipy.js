// What a page of Taipy sends and receives: Socket.IO messages, at first in requests and then on a WebSocket.
({ saw, nextKey }) => {
  const KINDS = { e: "error", w: "warning", s: "success" }; // by the first letter, all that the page looks at
  const keys = new Map(); // id of a message -> key of the act that sent it
  let socket;
  let isUpgraded = false;
  let identity; // of the page, in each of its messages

  function take({ type, id, payload, atype, nType, message }) {
    if (type === "ACK" && keys.has(id)) saw("answered", { key: keys.get(id) });
    if (type === "MU") for (const part of payload) saw("sets", { values: { [part.name]: part.payload.value } });
    if (type === "AL") saw("notifies", { kind: KINDS[(atype ?? nType)[0].toLowerCase()] ?? "info", message });
    if (type === "MS") payload.forEach(take);
  }

  const messages = (packets) =>
    String(packets)
      .split("\x1e")
      .filter((packet) => packet.startsWith("42"))
      .map((packet) => JSON.parse(packet.replace(/^42\d*/, ""))[1]); // a number requests an answer

  function sends(packets) {
    if (packets === "5") isUpgraded = true;
    for (const { type, ack_id } of messages(packets)) if (["A", "U"].includes(type)) keys.set(ack_id, nextKey());
  }

  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      socket = this;
      this.addEventListener("message", ({ data }) => messages(data).forEach(take));
      this.addEventListener("close", () => saw("loses", { why: "the connection was closed by the server" }));
    }

    send(packets) {
      sends(packets);
      super.send(packets);
    }
  };

  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    if (String(url).includes("/socket.io/"))
      this.addEventListener("load", () => messages(this.responseText).forEach(take));
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (typeof body === "string") sends(body);
    return send.call(this, body);
  };

  function request(key, names) {
    keys.set(key, key);
    const message = { type: "RU", name: "", payload: { names }, propagate: true, ack_id: key, ...identity };
    socket.send(`42${JSON.stringify(["message", message])}`);
  }

  return {
    // Whether the page has its elements and its WebSocket.
    isBuilt: (ids) => isUpgraded && ids.every((id) => document.getElementById(id)),
    // The page holds its first values as texts; an answer holds them as values.
    values(key, names, client_id, module_context) {
      identity = { client_id, module_context };
      request(key, names);
    },
    fence: (key) => request(key, []),
  };
}
