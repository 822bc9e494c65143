// The queue: one card at a time, on to the next at once, and what others changed
// meanwhile is let in. desk-keys.js has the keys, desk-saving.js sends the forms.
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
  card.matches(".current, :focus-within") || card.dataset.saving === "yes" || isDirty(card);

const cards = () => [...queue.querySelectorAll("[data-card]")];
const isOpen = (card) => card.matches(":not(.desk-checked):not([data-saving])");

function goTo(card) {
  for (const other of queue.querySelectorAll(".current")) other.classList.remove("current");
  card.classList.add("current");
  const start = card.querySelector("[name=way]:checked") ?? card.querySelector("[type=radio]") ?? card;
  start.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
  for (const soon of [card, after(card)]) soon?.querySelector("img")?.setAttribute("loading", "eager");
}

// The next card that nobody looked at; behind the last one the first.
function after(card) {
  const all = cards();
  const at = all.indexOf(card);
  return [...all.slice(at + 1), ...all.slice(0, at)].find(isOpen);
}

function goOn(card) {
  const next = after(card);
  if (next) return goTo(next);
  card.classList.remove("current");
  queue.focus();
}

// A save is under way: go on, whatever comes of it (desk-saving.js tells).
document.addEventListener("desk:saving", (event) => goOn(event.target));

// Behind the last card that nobody looked at.
function putLast(card) {
  const last = cards().filter((other) => other !== card && isOpen(other)).at(-1);
  if (last) last.after(card);
  else queue.prepend(card);
}

const SKIPPED = `skipped ${location.pathname}`;
const skipped = new Set(JSON.parse(sessionStorage.getItem(SKIPPED) ?? "[]"));

function skip(card) {
  const next = after(card);
  skipped.delete(card.id);
  skipped.add(card.id);
  sessionStorage.setItem(SKIPPED, JSON.stringify([...skipped]));
  putLast(card);
  if (next) goTo(next);
}

function adopt(fresh) {
  for (const id of ["progress", "attention-count", "attention", "photos", "history", "hidden"]) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (!old || !next || old.contains(document.activeElement) || isDirty(old) || old.outerHTML === next.outerHTML) continue;
    old.replaceWith(next);
  }
  const wanted = new Map([...fresh.querySelectorAll("[data-card]")].map((card) => [card.id, card]));
  for (const card of queue.querySelectorAll("[data-card]")) {
    const next = wanted.get(card.id);
    wanted.delete(card.id);
    if (isBusy(card)) continue;
    if (!next) card.remove();
    else if (next.outerHTML !== card.outerHTML) place(next, (node) => card.replaceWith(node));
  }
  // The order stays as it is under the facilitator's hands.
  for (const card of wanted.values()) place(card, putLast);
}

function place(card, put) {
  card.querySelector("[autofocus]")?.removeAttribute("autofocus");
  put(card);
}

let known = null;
let shown = 0; // how often what a person did was drawn: a page from before is too old

document.addEventListener("desk:shown", () => (shown += 1));

async function look() {
  const before = shown;
  const answer = await fetch(document.getElementById("desk").dataset.versionFrom, { cache: "no-cache" });
  if (!answer.ok) return;
  const version = await answer.text();
  const waiting = document.querySelector(".photo-received, .photo-straightened");
  if (version === known && !waiting) return;
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!page.ok) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  // A network's own page says 200 as well, and has no cards.
  if (!fresh.getElementById("queue") || shown !== before) return;
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

// Links to a card, from what was not saved.
window.addEventListener("hashchange", () => {
  const card = document.getElementById(location.hash.slice(1));
  if (card?.matches("[data-card]")) goTo(card);
});

document.body.classList.add("scripted");
for (const id of skipped) {
  const card = document.getElementById(id);
  if (card && isOpen(card)) putLast(card);
}
const asked = new URLSearchParams(location.search).get("at");
const first = document.getElementById(`card-${asked}`) ?? cards()[0];
if (first) goTo(first);
plan();
