// Drafts of posts by key; what was typed stays in this browser until it arrived.
//
// Letters are keys only while the focus is in a draft and in no words.
"use strict";

const KEPT = `words ${location.pathname}`;
const drafts = () => [...document.querySelectorAll("[data-draft]")];
const draftOf = (node) => node.closest?.("[data-draft]");
const wordsOf = (draft) => draft.querySelector("textarea[name=text]");

document.documentElement.classList.add("scripted");

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(id, words) {
  const all = { ...kept(), [id]: words };
  if (words === undefined) delete all[id];
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(all));
  } catch {
    // A full store, or none: then a reload shows what the server has.
  }
}

function goTo(draft) {
  draft?.focus({ preventScroll: true });
  draft?.scrollIntoView({ block: "nearest" });
}

function goOn(draft, by) {
  goTo(drafts()[drafts().indexOf(draft) + by]);
}

document.addEventListener("input", ({ target }) => {
  const draft = draftOf(target);
  if (draft) keep(draft.id, target.value === target.defaultValue ? undefined : target.value);
});

// The page comes back at the draft after the one that was sent.
document.addEventListener("submit", (event) => {
  const draft = draftOf(event.target);
  if (!draft) return;
  const next = drafts()[drafts().indexOf(draft) + 1] ?? drafts()[0];
  keep("at", next.id);
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const draft = draftOf(target);
  if (event.isComposing || event.altKey || !draft) return;
  const press = (name) => draft.querySelector(`[aria-keyshortcuts=${name}]`);
  if (target.matches("textarea")) {
    if (key === "Escape") goTo(draft);
    else if (key === "Enter" && (event.ctrlKey || event.metaKey)) press("A")?.click();
    else return;
  } else if (event.ctrlKey || event.metaKey) {
    return;
  } else if (key === "ArrowDown" || key === "ArrowUp") {
    goOn(draft, key === "ArrowDown" ? 1 : -1);
  } else if (key === "?") {
    document.getElementById("keys").toggleAttribute("open");
  } else {
    const pressed = /^[ade]$/i.test(key) && press(key.toUpperCase());
    if (!pressed) return;
    if (pressed.matches("textarea")) pressed.focus();
    else pressed.click();
  }
  event.preventDefault();
});

const before = kept();
for (const draft of drafts()) {
  const words = wordsOf(draft);
  if (before[draft.id] === words.defaultValue) keep(draft.id, undefined); // it arrived
  else if (before[draft.id] !== undefined) words.value = before[draft.id];
}
keep("at", undefined);
goTo(document.getElementById(before.at) ?? drafts()[0]);
