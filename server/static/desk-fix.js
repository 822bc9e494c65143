// The field "Fix" of a card: what is typed there goes to the place in title, description
// or host where it belongs (desk-mend.js), is shown there at once, and may be put elsewhere.
"use strict";

const fixes = new WeakMap(); // by the field: the texts before, what was found, which is shown
const taken = new WeakMap(); // by the field: the texts before and after what was taken, the last one last
let commonWords = new Set();

const textFields = ({ title, description, host }) => [title, description, host];
const wordsOf = (text) => text.toLowerCase().replaceAll("’", "'").match(WORDS) ?? [];
const markedIn = (card) => new Set([...card.querySelectorAll("mark")].flatMap((mark) => wordsOf(mark.textContent)));

// Words that people use, that other cards have, or another reading of this one.
function knownWords(card) {
  const known = new Set();
  for (const other of cards()) {
    if (other === card) continue;
    const unsure = markedIn(other);
    for (const field of other.querySelectorAll("[name=title], [name=description], [name=host]")) {
      for (const word of wordsOf(field.value)) if (!unsure.has(word)) known.add(word);
    }
  }
  const read = new Set(wordsOf(card.querySelector(".as-read")?.textContent ?? ""));
  for (const { dataset: way } of card.querySelectorAll("[data-other]")) {
    for (const word of wordsOf([way.title, way.description, way.host].join(" "))) if (!read.has(word)) known.add(word);
  }
  return (word) => commonWords.has(word) || known.has(word);
}

function menderOf(card, texts) {
  const unsure = markedIn(card);
  return mender(texts, knownWords(card), (word) => unsure.has(word));
}

function fix(field) {
  const card = cardOf(field);
  if (!fixes.has(field)) {
    const before = textFields(field.form.elements).map(({ value }) => value);
    fixes.set(field, { before, find: menderOf(card, before) });
  }
  const one = fixes.get(field);
  one.found = field.value ? one.find(field.value) : [one.before];
  showFix(field, 0);
  if (!field.value) fixes.delete(field);
}

function showFix(field, number) {
  const one = fixes.get(field);
  one.number = (number + one.found.length) % one.found.length;
  const texts = one.found[one.number] ?? one.before;
  textFields(field.form.elements).forEach((text, at) => (text.value = texts[at]));
  const shown = texts.filter(Boolean).flatMap((text) => {
    const known = new Set(one.before.join(" ").split(/\s+/));
    const pieces = text.split(/(\s+)/).map((word) => {
      if (!word.trim() || known.has(word)) return word;
      return Object.assign(document.createElement("ins"), { textContent: word });
    });
    const line = document.createElement("bdi");
    line.append(...pieces);
    return [" ", line];
  });
  field.closest(".f-fix").querySelector("output").replaceChildren(...(field.value ? shown : []));
  field.closest(".f-fix").querySelector("[data-fixing]").hidden = !field.value;
}

// What is shown stays, and the field is free for what is next.
function takeFix(field) {
  const one = fixes.get(field);
  if (!fixes.delete(field)) return;
  const acts = taken.get(field) ?? [];
  taken.set(field, [...acts, { before: one.before, after: one.found[one.number] ?? one.before }]);
  field.value = "";
  field.closest(".f-fix").querySelector("output").replaceChildren();
  field.closest(".f-fix").querySelector("[data-fixing]").hidden = true;
}

// Puts back what was taken last, if it still stands; returns whether it did.
function backInFix(field) {
  const act = taken.get(field)?.pop();
  const texts = textFields(field.form.elements);
  if (!act || texts.some(({ value }, at) => value !== act.after[at])) return false;
  texts.forEach((text, at) => (text.value = act.before[at]));
  return true;
}

// Returns whether the key was one of this field's.
function keyInFix(field, key) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (step && fixes.has(field)) showFix(field, fixes.get(field).number + step);
  else if (step) goToPlace(cardOf(field), step);
  else if (key === "ArrowRight" && field.selectionStart === field.value.length) takeFix(field);
  else return false;
  return true;
}

document.addEventListener("input", ({ target }) => target.matches("[data-fix]") && fix(target));
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (target.matches("[data-fix]") && !target.closest(".f-fix").contains(relatedTarget)) takeFix(target);
});
for (const kind of ["submit", "reset"]) {
  document.addEventListener(kind, ({ target }) => target.querySelectorAll("[data-fix]").forEach(endFix), true);
}

function endFix(field) {
  takeFix(field);
  taken.delete(field);
}

(async ({ dataset }) => {
  try {
    const answer = await fetch(dataset.words);
    if (answer.ok) commonWords = new Set((await answer.text()).split("\n"));
  } catch {
    // Without them less is found.
  }
  delete dataset.words;
})(document.getElementById("desk"));
