// Saves without leaving the page: what a form sends goes through the outbox, and what
// came of it is shown. Takes back and makes again by key. Lets a person choose where two
// changed the same.

import { outbox } from "./outbox.js";

const LABEL_CHARS = 60; // of a card in the list of what has not arrived
const PARTS = ["progress", "history", "hidden", "gone", "photos", "attention", "attention-count"];
const box = document.getElementById("outbox");
const written = new WeakSet(); // fields in which something was typed since they were drawn
let unanswered = null; // taking back or making again, if nobody knows whether it arrived

const textsOf = (card) => [...card.querySelectorAll("input:not([type=hidden], [type=radio], [data-fix]), textarea, select")];
const shownBy = (field) => field.selectedOptions ? [...field.options].find((option) => option.defaultSelected)?.value : field.defaultValue;
const typedIn = (card, sent = new Map()) => textsOf(card).filter((field) => field.value !== (sent.get(field.name) ?? shownBy(field)));

function tell(text) {
  document.getElementById("said").textContent = text;
}

function mark(card, text, failed) {
  if (!card) return;
  card.classList.toggle("desk-failed", failed);
  const state = card.querySelector(".desk-state");
  if (state) state.textContent = text;
}

// --- Sending ------------------------------------------------------------------------

function fieldsOf(form, button) {
  const fields = new Map([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
  if (button?.name) fields.set(button.name, button.value);
  return fields;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-save], form[data-turn]");
  if (!form) return;
  event.preventDefault();
  const fields = fieldsOf(form, event.submitter);
  if ("turn" in form.dataset) turn(form.getAttribute("action"), [...fields]);
  else save(form, fields);
});

function save(form, fields) {
  const card = form.closest("[data-card]");
  const id = form.closest("[data-card], .conflict")?.id ?? "";
  // What waits is sent first: then this form would seem to be older than it is.
  for (const before of outbox.entries("waiting", id || "-")) {
    for (const [name, value] of before.fields) if (fields.has(`seen_${name}`)) fields.set(`seen_${name}`, value);
  }
  // What was typed or refused before is in the form, and sent with it.
  for (const before of outbox.entries(null, id || "-")) if (before.state !== "waiting") outbox.drop(before);
  const label = form.dataset.save || fields.get("title") || card?.getAttribute("aria-label") || "A change";
  const url = form.getAttribute("action");
  outbox.keep({ act: outbox.newName(), state: "waiting", card: id, label, url, fields: [...fields] });
  if (card) {
    card.dataset.saving = "yes";
    mark(card, "Saving…", false);
    card.dispatchEvent(new CustomEvent("desk:saving", { bubbles: true }));
  } else {
    form.dispatchEvent(new CustomEvent("desk:deciding", { bubbles: true }));
    tell("Saving…");
  }
  outbox.send();
}

outbox.onanswer = async (entry, { kind, page, why }) => {
  const card = document.getElementById(entry.card);
  if (kind === "lost") {
    for (const one of outbox.entries("waiting")) mark(document.getElementById(one.card), `Not sent yet. ${why}`, true);
    return;
  }
  if (outbox.entries("waiting", entry.card).length < 2) delete card?.dataset.saving;
  if (!card?.matches("[data-card]")) tell("");
  if (kind === "refused") {
    outbox.keep({ ...entry, state: "refused", why });
    return mark(card, `Not saved. ${why}`, true);
  }
  if (kind === "choice") {
    // Another name: what did not collide is saved, and the rest is yet to come.
    const choice = page.querySelector("[data-collided]");
    outbox.drop(entry);
    outbox.keep({ ...entry, card: choice.id, act: outbox.newName(), state: "choice", why: "Changed meanwhile: choose which holds." });
    if (choice.id !== entry.card) document.getElementById(choice.id)?.remove(); // joined to it meanwhile
    choice.dataset.saving = "yes"; // as it is until it is chosen
    return card && swapIn(choice, card);
  }
  outbox.drop(entry);
  if (!card?.matches("[data-card]")) show(page?.getElementById("queue") ? page : await outbox.fresh());
  else if (page) show(page, entry);
  else mark(card, "Saved.", false);
};

// Another tab sent it, or a person dropped it there.
outbox.ongone = async (entry) => {
  delete document.getElementById(entry.card)?.dataset.saving;
  show(await outbox.fresh(), entry);
};

// --- Showing what came of it -----------------------------------------------------------

// A page of the desk, or the part of it that tells of an entry.
function show(page, entry) {
  if (!page) return;
  tell(page.getElementById("said")?.textContent ?? "");
  for (const id of PARTS) replace(document.getElementById(id), page.getElementById(id)?.cloneNode(true));
  for (const card of document.querySelectorAll("[data-card]")) {
    const next = page.getElementById(card.id)?.cloneNode(true); // adopt looks for it as well
    next?.classList.toggle("current", card.classList.contains("current"));
    if (card.id === entry?.card) next ? swapIn(next, card, new Map(entry.fields)) : card.remove();
    else if (next && !card.dataset.saving && !typedIn(card).length && next.outerHTML !== card.outerHTML) swapIn(next, card);
  }
  if (page.getElementById("queue")) window.adopt?.(page);
  document.dispatchEvent(new Event("desk:shown"));
}

function replace(old, next) {
  if (!old || !next) return;
  const { activeElement: active } = document;
  const at = old.contains(active) && active.value;
  const fields = [...next.querySelectorAll(DIRTY)];
  const placeOf = ({ name, form }) => [name, form?.getAttribute("action"), form?.elements.conflict?.value].join(" ");
  for (const typed of old.querySelectorAll(DIRTY)) {
    const field = typed.value !== typed.defaultValue && fields.find((one) => placeOf(one) === placeOf(typed));
    if (field) field.value = typed.value;
  }
  old.replaceWith(next);
  if (at) next.querySelector(`button[value="${CSS.escape(at)}"]`)?.focus();
}

// Put a card in another's place; what was typed since it was sent stays, and the focus.
function swapIn(next, card, sent = new Map()) {
  next.querySelector("[autofocus]")?.removeAttribute("autofocus");
  const typed = next.matches("[data-collided]") ? [] : typedIn(card, sent);
  const { activeElement: active } = document;
  const focus = card.contains(active) && (active.matches("[data-fix]") ? "[data-fix]" : `[name="${active.name || "title"}"]:not([type=hidden])`);
  card.replaceWith(next);
  for (const { name, value } of typed) {
    const field = next.querySelector(`[name="${name}"]`);
    if (!field) continue;
    field.value = value;
  }
  if (typed.length) keepTyped(next);
  if (!focus) return;
  const field = next.querySelector(focus) ?? next;
  field.focus({ preventScroll: true });
  if (!typed.length) field.select?.();
}

// The list of what has not arrived. Saves that are on their way are not in it.
outbox.onchange = () => {
  const shown = outbox.entries().filter(({ state, author, card }) => {
    if (state === "waiting") return outbox.why || author !== outbox.author;
    return state !== "typed" || !document.getElementById(card);
  });
  const waiting = shown.filter(({ state }) => state === "waiting").length;
  box.hidden = !shown.length;
  const words = waiting ? `${outbox.why} It is kept here and sent again by itself.` : "";
  const [heading, why] = [box.querySelector("h2"), box.querySelector("[role=status]")];
  heading.textContent = waiting ? `${waiting} not sent yet` : "Not saved";
  if (why.textContent !== words) why.textContent = words;
  box.querySelector("button").hidden = !waiting;
  const list = element("ul", {}, ...shown.map(item));
  const old = box.querySelector("ul");
  if (list.outerHTML !== old.outerHTML) replace(old, list);
};

function item(entry) {
  const { card: id, author, why = "", fields } = entry;
  const label = entry.label.length > LABEL_CHARS ? `${entry.label.slice(0, LABEL_CHARS)}…` : entry.label;
  const card = document.getElementById(id);
  const name = card ? element("a", { href: `#${id}` }, label) : element("bdi", {}, label);
  name.addEventListener("click", () => textsOf(card)[0]?.focus());
  const drop = element("button", { type: "button", className: "quiet", value: entry.act }, "Drop", element("span", { className: "sr" }, `: ${label}`));
  drop.addEventListener("click", () => dropped(entry));
  const typed = fields.filter(([field, value]) => value && /^(title|description|host|reason|decide_by)$/.test(field)).map(([, value]) => value);
  const by = author === outbox.author ? "" : `by ${author}`;
  return element("li", {}, name, ` ${why} ${by} `, drop, element("p", { className: "soft" }, card ? "" : typed.join(" · ")));
}

box.querySelector("button").addEventListener("click", () => outbox.sendAll());

function dropped(entry) {
  outbox.drop(entry);
  const card = document.getElementById(entry.card);
  if (!card) return;
  delete card.dataset.saving;
  card.querySelector("form").reset();
  mark(card, "What was typed is dropped.", false);
  outbox.fresh().then(show);
}

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// --- What was typed before -------------------------------------------------------------

document.addEventListener("input", (event) => written.add(event.target));
// Keys and buttons of the desk change fields, too.
for (const kind of ["input", "keyup", "click"]) document.addEventListener(kind, (event) => keepTyped(event.target.closest?.("[data-card]")));

function keepTyped(card) {
  const form = card?.querySelector("form[data-save]");
  if (!form) return;
  const [before] = outbox.entries("typed", card.id);
  const sent = outbox.entries("waiting", card.id).at(-1)?.fields;
  const fields = [...fieldsOf(form)];
  if (!typedIn(card, new Map(sent)).length) before && outbox.drop(before);
  else if (JSON.stringify(before?.fields) !== JSON.stringify(fields)) {
    outbox.keep({ act: `typed-${card.id}`, state: "typed", card: card.id, label: "Typed, not saved", url: form.getAttribute("action"), fields });
  }
}
document.addEventListener("reset", (event) => {
  const card = event.target.closest("[data-card]");
  for (const entry of outbox.entries("typed", card?.id ?? "-")) outbox.drop(entry);
});

// Into the form that the page has now, with what it showed then: so that what changed
// meanwhile is noticed.
function putBack(entry) {
  const card = document.getElementById(entry.card);
  const form = card?.querySelector("form[data-save]");
  if (!form) return;
  const before = new Map(entry.fields);
  for (const [name, value] of before) {
    const field = form.elements[name];
    if (!field || name.startsWith("seen_") || value === before.get(`seen_${name}`)) continue;
    field.value = value;
    const seen = form.elements[`seen_${name}`];
    if (seen) seen.value = before.get(`seen_${name}`);
  }
  if (before.has("seen_crop")) form.elements.seen_crop.value = before.get("seen_crop");
  if (entry.state === "waiting") card.dataset.saving = "yes";
  mark(card, entry.state === "typed" ? "Typed before, not saved yet." : `Not saved yet. ${entry.why ?? ""}`, entry.state !== "typed");
}

window.addEventListener("beforeunload", (event) => {
  if (outbox.entries().length) event.preventDefault();
});

// --- Taking back and making again --------------------------------------------------------

async function turn(url, fields) {
  if (!(await outbox.send())) return tell("Nothing was taken back: what you saved last still waits to be sent.");
  // Nobody knows whether it arrived: under the same name it is not done twice.
  if (unanswered?.url !== url || fields.length) unanswered = { url, fields, act: outbox.newName() };
  const answer = await outbox.post(unanswered);
  if (answer.kind === "lost") return tell(`${answer.why} Try again.`);
  unanswered = null;
  if (answer.page) show(answer.page);
  else tell(answer.why ?? "Done.");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  const again = (key === "z" && event.shiftKey) || key === "y";
  if (key !== "z" && !again) return;
  // A text field that was changed takes its own typing back; one that shows what is
  // saved has nothing to take back.
  const field = event.target.closest?.("input, textarea");
  if (field && (again ? written.has(field) : field.value !== field.defaultValue)) return;
  event.preventDefault();
  if (!again && field?.matches("[data-fix]") && backInFix(field)) return;
  const { undo, redo } = document.getElementById("desk").dataset;
  turn(again ? redo : undo, []);
});

// --- Choosing ------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-collided]")?.querySelector("form");
  if (!form || !["1", "2"].includes(event.key)) return;
  const open = [...form.querySelectorAll("fieldset")].filter((set) => !set.querySelector(":checked"));
  if (!open.length) return;
  event.preventDefault();
  const choice = open[0].querySelectorAll("input")[event.key - 1];
  choice.checked = true;
  choice.focus();
  if (open.length === 1) form.requestSubmit();
});

for (const entry of outbox.entries("waiting")) putBack(entry);
for (const state of ["refused", "choice", "typed"]) for (const entry of outbox.entries(state)) putBack(entry);
// What is to be chosen is shown again.
for (const entry of outbox.entries("choice")) {
  outbox.drop(entry);
  outbox.keep({ ...entry, state: "waiting" });
}
outbox.onchange();
outbox.send();
