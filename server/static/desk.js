// The desk by keyboard: Enter saves and goes on, Escape puts back. htmx sends
// the forms; this moves the focus and lets in what others changed meanwhile.
"use strict";

const EVERY_MS = 10000; // few people have a desk open
const JITTER = 0.3;
const DIRTY = "input:not([type=hidden]), textarea";
const queue = document.getElementById("queue");

const cardOf = (node) => node.closest?.("[data-card]");

function isDirty(card) {
  const texts = [...card.querySelectorAll(DIRTY)];
  const selects = [...card.querySelectorAll("select")];
  return (
    texts.some((field) => field.value !== field.defaultValue) ||
    selects.some((field) => !field.selectedOptions[0]?.defaultSelected)
  );
}

const isBusy = (card) =>
  card.contains(document.activeElement) || card.dataset.saving === "yes" || isDirty(card);

function goTo(card) {
  const title = card?.querySelector("[name=title]");
  if (!title) return;
  title.focus({ preventScroll: true });
  title.select();
  card.scrollIntoView({ block: "nearest" });
}

function say(card, text, failed) {
  card.classList.toggle("desk-failed", failed);
  card.querySelector(".desk-state").textContent = text;
}

document.addEventListener("htmx:before:request", (event) => {
  const card = cardOf(event.target);
  if (!card) return;
  card.dataset.saving = "yes";
  say(card, "Saving…", false);
  goTo(card.nextElementSibling);
});

document.addEventListener("htmx:finally:request", (event) => {
  const card = cardOf(event.target);
  if (card) delete card.dataset.saving;
});

async function failed(event) {
  const card = cardOf(event.target);
  if (!card?.isConnected) return;
  const { status, raw } = event.detail?.ctx?.response ?? {};
  const text = event.detail?.ctx?.text ?? (await raw?.text?.().catch(() => "")) ?? "";
  const page = new DOMParser().parseFromString(text, "text/html");
  const told = [page.querySelector("h1"), page.querySelector(".notice-hint")];
  const why = status && told[0] ? told.map((node) => node?.textContent ?? "").join(" ") : "The server could not be reached. Press Enter to try again.";
  say(card, `Not saved. ${why}`, true);
}
document.addEventListener("htmx:response:error", failed);
document.addEventListener("htmx:error", failed);

document.addEventListener("keydown", (event) => {
  const card = cardOf(event.target);
  if (!card || event.isComposing) return;
  const form = card.querySelector("form");
  if (event.key === "Escape") {
    form.reset();
    event.target.select?.();
  } else if (event.key === "Enter" && event.target.matches("select")) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

function adopt(fresh) {
  for (const id of ["progress", "attention-count", "attention", "photos", "history", "hidden"]) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (!old || !next || old.contains(document.activeElement) || old.outerHTML === next.outerHTML) continue;
    old.replaceWith(next);
    window.htmx?.process(next);
  }
  const wanted = new Map([...fresh.querySelectorAll("[data-card]")].map((card) => [card.id, card]));
  for (const card of queue.querySelectorAll("[data-card]")) {
    const next = wanted.get(card.id);
    wanted.delete(card.id);
    if (isBusy(card)) continue;
    if (!next) card.remove();
    else if (next.outerHTML !== card.outerHTML) place(next, (node) => card.replaceWith(node));
  }
  // The order stays as it is under the facilitator's hands; what is new
  // comes before what was checked.
  for (const card of wanted.values()) {
    const before = queue.querySelector(".desk-checked");
    place(card, (node) => queue.insertBefore(node, before));
  }
}

function place(card, put) {
  card.querySelector("[autofocus]")?.removeAttribute("autofocus");
  put(card);
  window.htmx?.process(card);
}

let known = null;

async function look() {
  const answer = await fetch(document.getElementById("desk").dataset.versionFrom, { cache: "no-cache" });
  if (!answer.ok) return;
  const version = await answer.text();
  const waiting = document.querySelector(".photo-received, .photo-straightened");
  if (version === known && !waiting) return;
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!page.ok) return;
  known = version;
  adopt(new DOMParser().parseFromString(await page.text(), "text/html"));
}

function plan() {
  setTimeout(async () => {
    try {
      if (!document.hidden) await look();
    } catch {
      // No network just now: what is typed here stays here.
    }
    plan();
  }, EVERY_MS * (1 + JITTER * (2 * Math.random() - 1)));
}

window.addEventListener("beforeunload", (event) => {
  const cards = [...document.querySelectorAll("[data-card]")];
  if (cards.some((card) => isDirty(card) && !card.dataset.submitted)) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const card = cardOf(event.target);
  if (card && !window.htmx) card.dataset.submitted = "yes";
});

// The browser focuses the first field itself; typing then replaces its text.
const first = document.querySelector("[autofocus]");
if (first && first === document.activeElement) first.select();
else first?.addEventListener("focus", () => first.select(), { once: true });
plan();
