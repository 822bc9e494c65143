// The keys of a card, and what they do to its fields.
//
// Letters and digits are keys only while the focus is in a card and in no text field: on
// one of the ways to fill it in, where every card begins, or on a button. So they take
// nothing away from typing, nor from the browser, which keeps Alt + digit and Ctrl +
// letter for itself on Linux and Windows; Option + letter types on a Mac, and function
// keys change its volume. Screen readers leave them free there too: on radio buttons they
// hand keys on. In fields of one line the arrows up and down are free.
"use strict";

const TYPED = "input:not([type=radio]), textarea";
const WORD = /[\p{L}\p{N}](?:\S*[\p{L}\p{N}])?/gu; // without signs around it
const WITHOUT_ENTER = "select, textarea, [name=way]"; // of itself it does not send from there
const ended = new WeakMap();

// What aria-keyshortcuts calls a key; where letters are not Latin, by their places.
function nameOf({ key, code, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return "";
  return /^[a-z0-9]$/i.test(key) ? key.toUpperCase() : (/^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? "");
}

const send = (form) => form.requestSubmit(form.querySelector("[value=save]"));

function take(way) {
  way.checked = true;
  const { title, description, host } = way.form.elements;
  title.value = way.dataset.title;
  description.value = way.dataset.description;
  host.value = way.dataset.host;
}

const joined = (...texts) => texts.map((text) => text.trim()).filter(Boolean).join(" ");

function endTitle(form, at) {
  const { title, description } = form.elements;
  const before = [title.value, description.value];
  const rest = title.value.slice(at);
  if (at < 1 || !rest.trim()) return;
  title.value = title.value.slice(0, at).trim();
  description.value = joined(rest, description.value);
  ended.set(form, { before, after: [title.value, description.value] });
}

function takeBack(form) {
  const { title, description } = form.elements;
  const { before, after } = ended.get(form) ?? {};
  if (title.value !== after?.[0] || description.value !== after[1]) return false;
  [title.value, description.value] = before;
  return true;
}

// Where the cursor stands in the title; 0 at its ends, or if it was not moved.
function cursorIn({ selectionStart, selectionEnd, value }) {
  return selectionStart === selectionEnd && selectionStart < value.length ? selectionStart : 0;
}

// Where the title ends in the likeliest way that has less of it; else before its last word.
function likelyEnd({ title, way }) {
  const shorter = [...(way.length ? way : [way])].map((one) => one.dataset.title);
  const likely = shorter.find((text) => text && text !== title.value && title.value.startsWith(text));
  return likely?.length ?? title.value.trimEnd().lastIndexOf(" ");
}

// The words of the fields that are marked as unsure; all words if none is.
function places(card) {
  const { title, description, host } = card.querySelector("form").elements;
  const marked = [...card.querySelectorAll("mark")].flatMap((mark) => mark.textContent.match(WORD) ?? []);
  const all = [title, description, host].flatMap((field) =>
    [...field.value.matchAll(WORD)].map(({ 0: word, index }) => ({ field, word, start: index, end: index + word.length })),
  );
  const unsure = all.filter(({ word }) => marked.includes(word));
  return unsure.length ? unsure : all;
}

// Select the next of these words, or the one before; round and round.
function goToPlace(card, step) {
  const all = places(card);
  const at = document.activeElement;
  const order = [...card.querySelectorAll("[name=title], [name=description], [name=host]")];
  const here = order.indexOf(at);
  // A field that was just gone to is selected as a whole: then its first word is next.
  const isWhole = here >= 0 && at.selectionStart === 0 && at.selectionEnd === at.value.length && at.value.includes(" ");
  const isBehind = ({ field, start }) => (field === at ? isWhole || start >= at.selectionEnd : order.indexOf(field) > here);
  const isBefore = ({ field, end }) => (field === at ? end <= at.selectionStart : order.indexOf(field) < here);
  const next = step > 0 ? (all.find(isBehind) ?? all[0]) : (all.findLast(isBefore) ?? all.at(-1));
  if (!next) return press(card, "T");
  next.field.focus();
  next.field.setSelectionRange(next.start, next.end);
}

const ACTS = {
  open: (card) => goTo(card),
  skip: (card) => skip(card),
  unsure: (card) => goToPlace(card, 1),
  another: (card) => againInFix(card, "ArrowDown"),
  take: (card) => againInFix(card, "ArrowRight"),
  ends(_card, form) {
    if (!takeBack(form)) endTitle(form, cursorIn(form.elements.title) || likelyEnd(form.elements));
  },
  swap(_card, { elements: { title, host } }) {
    [title.value, host.value] = [host.value, title.value];
  },
  other(_card, form) {
    const others = [...form.querySelectorAll("[data-other]")];
    take(others[(others.findIndex((way) => way.checked) + 1) % others.length]);
  },
};

function againInFix(card, key) {
  const field = card.querySelector("[data-fix]");
  field.focus();
  keyInFix(field, key);
}

document.addEventListener("click", (event) => {
  const card = cardOf(event.target);
  if (!card) return;
  const act = event.target.closest("[data-do]")?.dataset.do;
  if (act) ACTS[act](card, card.querySelector("form"));
  else if (!event.target.closest("a, button, label, input, textarea, select")) goTo(card);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "way") take(event.target);
});

function press(card, name) {
  const node = card.querySelector(`[aria-keyshortcuts="${name}"]`);
  if (!node) return false;
  if (node.type === "radio") take(node);
  if (node.matches("button")) node.click();
  else node.focus();
  if (node.matches(TYPED)) node.select();
  return true;
}

function keyInField(card, event) {
  const { key, shiftKey, target } = event;
  if (target.matches("[data-fix]")) return void (!shiftKey && keyInFix(target, key) && event.preventDefault());
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (step && !shiftKey && !target.value.includes("\n")) goToPlace(card, step);
  else if (key === "Enter" && shiftKey && target.name === "title") ACTS.ends(card, target.form);
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const card = cardOf(target);
  if (!card || event.isComposing) return;
  const form = card.querySelector("form");
  if (key === "Tab") {
    // As browsers do it in fields of one line.
    requestAnimationFrame(() => document.activeElement.matches("textarea") && document.activeElement.select());
  } else if (key === "Escape") {
    form.reset();
    goTo(card);
  } else if (key === "Enter" && !event.shiftKey && (event.ctrlKey || event.metaKey || target.matches(WITHOUT_ENTER))) {
    event.preventDefault();
    send(form);
  } else if (target.matches(TYPED)) {
    keyInField(card, event);
  } else if (!target.matches("select") && card.matches(".current")) {
    if (key === "?") document.getElementById("keys").toggleAttribute("open");
    else if (!press(card, nameOf(event))) return;
    event.preventDefault();
  }
});
