// The desk by keyboard: Enter saves and goes on, Escape puts back. desk-saving.js sends
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
  const title = card?.querySelector("[name=title]:not([type=hidden]), [type=radio]");
  if (!title) return;
  title.focus({ preventScroll: true });
  title.select();
  card.scrollIntoView({ block: "nearest" });
}

// A save is under way: go on, whatever comes of it (desk-saving.js tells).
document.addEventListener("desk:saving", (event) => goTo(event.target.nextElementSibling));

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
  for (const id of ["progress", "photos", "history", "hidden"]) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (old && next && !old.contains(document.activeElement)) old.replaceWith(next);
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
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  // A network's own page says 200 as well, and has no cards.
  if (!fresh.getElementById("queue")) return;
  known = version;
  adopt(fresh);
  document.dispatchEvent(new Event("desk:reached", { bubbles: true }));
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

// The browser focuses the first field itself; typing then replaces its text.
const first = document.querySelector("[autofocus]");
if (first && first === document.activeElement) first.select();
else first?.addEventListener("focus", () => first.select(), { once: true });
plan();
