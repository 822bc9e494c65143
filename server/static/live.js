// Keeps an open page fresh: asks for a tiny version now and then, and swaps
// the page's content when it changed. Without it the page is as complete.
"use strict";

const EVERY_MS = 15000; // 5,000 phones are then 333 small requests a second
const FIRST_MS = 1000; // a page that a browser kept may be an older one
const JITTER = 0.3; // spreads them, so that they do not come all at once
const TICK_MS = 20000; // how often "3 min ago" is written anew

const LANGUAGE = document.documentElement.lang;
const AGO = new Intl.RelativeTimeFormat(LANGUAGE, { style: "short", numeric: "always" });

function age(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60000));
  if (minutes < 60) return [minutes, "minute"];
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? [hours, "hour"] : [Math.floor(hours / 24), "day"];
}

function agoText(ms) {
  const [number, unit] = age(ms);
  return number ? AGO.format(-number, unit) : document.getElementById("live").dataset.justNow;
}

function ageText(ms) {
  const [number, unit] = age(ms);
  return new Intl.NumberFormat(LANGUAGE, { style: "unit", unit, unitDisplay: "long" }).format(number);
}

// Phones' clocks differ: ages are counted from the server's clock.
let serverAhead = 0;

function setClock(response) {
  const sent = Date.parse(response.headers.get("Date"));
  if (Number.isNaN(sent)) return;
  serverAhead = sent - Date.now();
  tick();
}

function tick() {
  const now = Date.now() + serverAhead;
  for (const node of document.querySelectorAll("[data-ago]")) {
    const ms = now - Date.parse(node.dataset.ago);
    node.textContent = node.dataset.form === "old" ? ageText(ms) : `(${agoText(ms)})`;
  }
  for (const node of document.querySelectorAll("[data-stale-from]")) {
    node.hidden = now < Date.parse(node.dataset.staleFrom);
  }
}

// What people type finds what a card says however it is written: capitals, accents,
// full width, the typographic quotes that phones put in.
const SAME = {
  ß: "ss", ı: "i", ς: "σ", ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe",
  "’": "'", "‘": "'", "ʼ": "'",
  "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "–": "-", "—": "-",
};
const SAME_LETTERS = new RegExp(`[${Object.keys(SAME).join("")}]`, "gu");
// Accents, vowel points of Hebrew and Arabic, marks of direction, soft hyphens.
const UNSEEN = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

function searchable(text) {
  const plain = text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(UNSEEN, "");
  return plain.replace(SAME_LETTERS, (letter) => SAME[letter]);
}

// Umlauts are written without their marks or in two letters: "zurich", "zuerich".
const IN_TWO = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };

function spellings(text) {
  const inTwo = text.normalize("NFC").toLowerCase().replace(/[äöüåø]/gu, (letter) => IN_TWO[letter]);
  return [searchable(text), searchable(inTwo)];
}

function matches(text, word) {
  const sought = spellings(word);
  return spellings(text).some((spelt, index) => spelt.includes(sought[index]));
}

function filterSchedule() {
  const field = document.getElementById("filter");
  if (!field) return;
  const words = field.value.split(/\s+/).filter(Boolean);
  let found = 0;
  for (const slot of document.querySelectorAll(".slot")) {
    let here = 0;
    for (const item of slot.querySelectorAll(".cards > li")) {
      item.hidden = !words.every((word) => matches(item.textContent, word));
      here += item.hidden ? 0 : 1;
    }
    slot.hidden = words.length > 0 && here === 0;
    found += here;
  }
  document.querySelector(".none-found").hidden = words.length === 0 || found > 0;
}

async function refresh() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("live");
  const live = document.getElementById("live");
  if (!fresh) return;
  const typed = document.getElementById("filter");
  const value = typed ? typed.value : "";
  const focused = document.activeElement === typed;
  const open = live.querySelector("details.grid")?.open;
  live.replaceWith(fresh);
  document.title = page.title;
  const details = fresh.querySelector("details.grid");
  if (details && open) details.open = true;
  start();
  const field = document.getElementById("filter");
  if (field) {
    field.value = value;
    if (focused) field.focus({ preventScroll: true });
    filterSchedule();
  }
}

async function look() {
  const { version, versionFrom } = document.getElementById("live").dataset;
  const response = await fetch(versionFrom, { cache: "no-cache" });
  setClock(response);
  if (response.ok && (await response.text()) !== version) await refresh();
}

function plan(everyMs) {
  setTimeout(async () => {
    try {
      if (!document.hidden) await look();
    } catch {
      // No network just now: the page as it stands is still good.
    }
    plan(EVERY_MS);
  }, everyMs * (1 + JITTER * (2 * Math.random() - 1)));
}

function start() {
  tick();
  const box = document.querySelector(".filter");
  if (box) {
    box.hidden = false;
    box.querySelector("input").addEventListener("input", filterSchedule);
  }
}

start();
plan(FIRST_MS);
setInterval(tick, TICK_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look().catch(() => {});
});
