// Tells when the next photo is due: on the page, in its title, on its icon; and as a
// notification where a person asked for it and the browser has them (HTTPS).

const TICK_MS = 20000;
const title = document.title;
const remind = document.getElementById("remind");
const told = new Set();
let serverAhead = 0; // phones' clocks differ

export function tick() {
  let due = "";
  for (const one of document.querySelectorAll("[data-due]")) {
    const isDue = Date.now() + serverAhead >= Date.parse(one.dataset.due);
    for (const [name, hidden] of [[".due-now", !isDue], [".due-later", isDue]]) {
      const node = one.querySelector(name);
      if (node.hidden !== hidden) node.hidden = hidden;
    }
    if (!isDue) continue;
    due ||= one.dataset.title;
    notify(one.dataset.due, one.querySelector(".due-now").textContent);
  }
  document.title = due ? `(!) ${due} · ${title}` : title;
  if (due) navigator.setAppBadge?.().catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

// The server's time, as of the part of the page that has just come.
export function setClock() {
  const now = Date.parse(document.getElementById("due").dataset.now);
  if (!Number.isNaN(now)) serverAhead = now - Date.now();
  tick();
}

function notify(key, text) {
  if (told.has(key) || !document.hidden || window.Notification?.permission !== "granted") return;
  told.add(key);
  try {
    new Notification(title, { body: text, tag: key });
  } catch {
    // Android wants a service worker for these: title and page tell.
  }
}

function offer() {
  remind.hidden = !window.isSecureContext || window.Notification?.permission !== "default";
}

remind.querySelector("button").addEventListener("click", () => Notification.requestPermission().then(offer));
offer();
setClock();
setInterval(tick, TICK_MS);
