// What became of the photos of today: the server's own words, fetched and put in place.

import { say } from "./capture-waiting.js";

const SOON_MS = 1500; // staff stand in front of the board and wait
const LATER_MS = 60000; // others send photos, too
const ANSWER_WITHIN_MS = 20000;
const { today: address, author } = document.getElementById("capture").dataset;
const again = new Set();
const drawn = new Map();
const thumbnails = new Map();
const sent = new Set();
let timer = null;

export const today = { onlook() {}, look, follow };

const itemsIn = (section) => [...section.querySelector("ol").children];

for (const item of itemsIn(document.getElementById("photos"))) drawn.set(item.id, item.outerHTML);

// Looks what came of a photo that has just arrived, and goes on looking; gives what is
// said of it so far, if that could be had.
async function follow(id, wasHere, thumbnail) {
  sent.add(`photo-${id}`);
  if (wasHere) again.add(id);
  if (thumbnail) thumbnails.set(`photo-${id}`, thumbnail);
  await look();
  return document.getElementById(`photo-${id}`)?.dataset.said;
}

async function look() {
  clearTimeout(timer);
  try {
    if (!document.hidden) take(await fetched());
  } catch {
    // No network just now: the photos are safe where they are, ask again.
  }
  later();
}

function later() {
  clearTimeout(timer); // another look may have ended meanwhile
  timer = setTimeout(look, document.querySelector("#photos [data-done=no]") ? SOON_MS : LATER_MS);
}

async function fetched() {
  const query = new URLSearchParams([...again].map((id) => ["again", id]));
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(`${address}?${query}`, { cache: "no-store", headers: { Accept: "text/html" }, signal });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const whose = page.getElementById("today")?.dataset.author;
  if (!response.ok || whose === undefined) throw new Error("something else answered");
  // Somebody else signed in: their page. What is not sent yet is kept.
  if (whose !== author) location.reload();
  return page;
}

function take(page) {
  for (const id of ["due", "missing"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
    old.dataset.now = fresh.dataset.now ?? "";
  }
  takePhotos(page.getElementById("photos"));
  today.onlook();
}

function takePhotos(fresh) {
  document.getElementById("photos-heading").hidden = fresh.querySelector("h2").hidden;
  const list = document.querySelector("#photos ol");
  const all = itemsIn(fresh);
  for (const item of list.children) if (!all.some((one) => one.id === item.id)) item.remove();
  all.forEach((item, index) => {
    const old = document.getElementById(item.id);
    const html = item.outerHTML;
    const shown = old && drawn.get(item.id) === html ? old : replaced(old, item);
    drawn.set(item.id, html);
    if (list.children[index] !== shown) list.insertBefore(shown, list.children[index] ?? null);
  });
}

function replaced(old, item) {
  const held = old?.contains(document.activeElement) ? document.activeElement.value : null;
  const picture = item.querySelector(".photo-picture");
  const thumbnail = thumbnails.get(item.id);
  if (picture.children.length) thumbnails.delete(item.id);
  else if (thumbnail) picture.append(thumbnail);
  if (sent.has(item.id) && old?.dataset.said !== item.dataset.said) say(item.dataset.said);
  old?.replaceWith(item);
  if (held) item.querySelector(`button[value="${held}"]`)?.focus();
  return item;
}

document.addEventListener("visibilitychange", () => !document.hidden && look());
later();
