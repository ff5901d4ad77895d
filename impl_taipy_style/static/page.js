// The page's side of the protocol that server.py describes.
"use strict";

const NOTIFICATIONS_SHOWN = 20; // More do not fit on a screen.
const RETRY_MS = 1000; // A restarting server is back after about this time.

let number = 0; // of the newest event that this page has shown
let ready = open(); // settled when the page is open and all changes so far have been stored

function elements(name, value) {
  return document.querySelectorAll(`[data-${name}="${value}"]`);
}

function asText(value) {
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

function show(values) {
  for (const [name, value] of Object.entries(values)) {
    for (const element of elements("text", name)) element.textContent = asText(value);
    for (const element of elements("value", name)) showInput(element, asText(value));
    for (const element of elements("active", name)) element.disabled = !value;
  }
}

function showInput(element, text) {
  // This page's own change comes back to it; the user may have typed on meanwhile.
  if (element.dataset.sent !== text) element.value = text;
  delete element.dataset.sent;
}

function notify(type, message) {
  const box = document.querySelector("aside");
  const line = document.createElement("p");
  line.className = type;
  line.textContent = message;
  box.prepend(line);
  while (box.children.length > NOTIFICATIONS_SHOWN) box.lastChild.remove();
}

function reached(newNumber) {
  number = newNumber;
  document.body.dataset.number = number;
}

function receive(event) {
  const message = JSON.parse(event.data);
  if (message.set) show(message.set);
  if (message.notify) notify(message.notify.type, message.notify.message);
  reached(event.lastEventId);
}

function listen() {
  const events = new EventSource(`events?after=${number}`);
  events.onmessage = receive;
  // The browser takes up a broken connection by itself, but gives up after an HTTP error.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(reopen, RETRY_MS);
  };
}

async function post(path, fields) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(fields) });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  } catch (error) {
    notify("error", `${path}: ${error.message}`);
  }
}

async function act(button) {
  await ready; // What the user typed before the click must be there first.
  await post("action", { id: button.id, action: button.dataset.action });
}

function change(input) {
  input.dataset.sent = input.value;
  const fields = { name: input.dataset.value, value: input.value };
  ready = ready.then(() => post("change", fields));
}

async function load() {
  const answer = await fetch("state");
  if (!answer.ok) {
    const { status } = answer;
    throw Object.assign(new Error(`the server answered ${status}`), { status });
  }
  const state = await answer.json();
  show(state.values);
  for (const { type, message } of state.notifications) notify(type, message);
  reached(state.number);
  listen();
}

async function open() {
  try {
    await load();
  } catch (error) {
    notify("error", `The page cannot be shown: ${error.message}`);
  }
}

async function reopen() {
  try {
    await load();
  } catch (error) {
    // A server that has restarted does not know this browser any more: the page begins anew.
    if (error.status === 403) location.reload();
    else setTimeout(reopen, RETRY_MS);
  }
}

for (const button of document.querySelectorAll("[data-action]")) {
  button.addEventListener("click", () => act(button));
}
for (const input of document.querySelectorAll("input")) {
  input.addEventListener("change", () => change(input));
}
