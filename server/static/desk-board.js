// The board view: whatever can be done to a card or a cell. The server draws everything;
// this sends what a person does and puts in the parts of the page that came back.
// desk-board-hands.js is for mouse and thumb.
"use strict";

const EVERY_MS = 10000; // few people have a desk open
const PARTS = ["progress", "attention-count", "bv-picture", "drawing", "panel", "gone", "hidden", "history"];
const RECEIPT = "Boardcast-Act"; // who answers with its name has got it
const NO_LINE = "The server could not be reached. Nothing is changed here: do it again when the line is back.";
const NOT_OURS = "What answered is not the desk: perhaps this network wants you to sign in. Nothing is changed here.";

const view = document.getElementById("board-view");
const told = document.getElementById("told");
const tools = document.getElementById("tools");
const scroll = document.getElementById("scroll");
const ask = document.getElementById("ask");
const find = (selector) => view.querySelector(selector);
const all = (selector) => [...view.querySelectorAll(selector)];
const part = (id) => document.getElementById(id);
const drawing = () => part("drawing");

let current = ""; // id of the card or cell that is chosen
let mode = null; // what a person is in the middle of: {name, card, target}
let busy = false;
let asked = 0; // pages so far
let opening = false; // what is typed meanwhile is meant for a field that is yet to come

function say(text, failed = false) {
  told.textContent = text;
  told.classList.toggle("bv-failed", failed);
}

// What there is on the board

const chosen = () => part(current);
const isCard = (node) => node?.dataset.card !== undefined;
const cardsIn = (cell) => all(`[data-in="${cell.id}"]`);
const cellAt = (column, row) => part(`cell-${column}-${row}`);
const cellOf = (node) => (isCard(node) ? part(node.dataset.in) : node);
const stopsOf = (cell) => (cardsIn(cell).length ? cardsIn(cell) : [cell]);
const stops = () => [...all(".bv-cell").flatMap(stopsOf), ...all(".bv-card:not([data-in])")];
const titleOf = (card) => `“${card.dataset.title}”`;
const endsOf = (node) => (node.dataset.ends ?? "").split(" ");
const placeOf = (cell) => `${cell.dataset.room}, ${cell.dataset.slot}`;

// One of them is reached by Tab, the others from there by arrows.
function reach(node) {
  for (const stop of all("#drawing a")) stop.setAttribute("tabindex", stop === node ? "0" : "-1");
}

function choose(node, focus = true) {
  current = node.id;
  reach(node);
  for (const stop of all("#drawing [aria-current]")) stop.removeAttribute("aria-current");
  node.setAttribute("aria-current", "true");
  if (focus && document.activeElement !== node) node.focus();
  showTools();
}

function showTools() {
  const kind = mode?.name ?? (isCard(chosen()) ? "card" : chosen() ? "cell" : "none");
  for (const button of tools.children) button.hidden = !button.dataset.for.split(" ").includes(kind);
}

// From the server, and to it

const pageOf = (text) => new DOMParser().parseFromString(text, "text/html");

function adopt(fresh, keepPanel = false) {
  const hadFocus = drawing().contains(document.activeElement);
  const cell = cellOf(chosen())?.id;
  // Before they are compared: what is the same stays, with the focus in it.
  for (const node of fresh.querySelectorAll(".bv-scripted")) node.hidden = false;
  for (const id of PARTS) {
    const [old, next] = [part(id), fresh.getElementById(id)];
    if (keepPanel && id === "panel") continue;
    if (old && next && old.outerHTML !== next.outerHTML) old.replaceWith(next);
  }
  const node = chosen() ?? (cell && stopsOf(part(cell))[0]) ?? stops()[0];
  if (current) choose(node, hadFocus);
  else reach(node);
}

// What was asked for before is not drawn over what came since. Says whether it was drawn.
async function load(at, keepPanel = false) {
  const mine = (asked += 1);
  const answer = await fetch(`${view.dataset.page}?at=${encodeURIComponent(at)}`, { cache: "no-store" });
  const page = pageOf(await answer.text());
  if (!answer.ok || !page.getElementById("board-view")) throw new Error(NOT_OURS);
  if (mine !== asked) return false;
  adopt(page, keepPanel);
  return true;
}

const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function post(path, fields) {
  const act = newName();
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "text/html", [RECEIPT]: act } });
  const page = pageOf(await answer.text());
  const choice = page.querySelector("[data-collided]");
  if (choice) throw Object.assign(new Error("Somebody else changed this card meanwhile: choose which holds."), { choice });
  if (!answer.ok) {
    if (!page.querySelector(".notice-status")) throw new Error(NOT_OURS);
    throw new Error([page.querySelector("h1"), page.querySelector(".notice-hint")].map((node) => node?.textContent ?? "").join(" "));
  }
  if (answer.headers.get(RECEIPT) !== act) throw new Error(NOT_OURS);
}

async function send(path, fields, done, form = null) {
  if (busy) return;
  busy = true;
  say("Saving…");
  const before = new Set(all(".bv-card").map((card) => card.id));
  try {
    await post(path, fields);
    form?.reset();
    await load(current, typed() !== null);
    const made = all(".bv-card").find((card) => !before.has(card.id));
    if (made) await load((current = made.id));
    if (form) choose(chosen());
    say(done);
  } catch (error) {
    say(`Not saved. ${error instanceof TypeError ? NO_LINE : error.message}`, true);
    if (error.choice) {
      part("panel").replaceChildren(error.choice);
      part("panel").focus();
    }
  }
  busy = false;
}

const sendTo = (where, fields, done) => send(`${view.dataset.desk}/${where}`, { csrf_token: view.dataset.csrf, from: "board", ...fields }, done);
const sendCard = (card, fields, done) => sendTo(`cards/${card.dataset.card}`, fields, done);

// What is typed beside the board and not saved yet: it is never replaced.
function typed() {
  const fields = all("#panel :is(input:not([type=hidden], [type=range], [type=radio]), textarea)");
  return fields.find((field) => field.value !== field.defaultValue) ?? null;
}

// A click shows what can be done; Enter, or Edit, goes there.
async function show(node) {
  const field = typed();
  if (field) {
    say("What you typed is not saved yet: save it, or drop it with Escape.", true);
    field.focus();
    return false;
  }
  try {
    return await load(node.id);
  } catch (error) {
    say(error instanceof TypeError ? NO_LINE : error.message, true);
    return false;
  }
}

async function open(node, inside = "", field = "[name=title]") {
  opening = true;
  const shown = await show(node);
  opening = false;
  if (!shown) return null;
  const panel = part("panel");
  const details = inside && part(inside);
  if (details) details.open = true;
  const at = (details || panel).querySelector(field) ?? panel;
  at.focus({ preventScroll: true });
  at.select?.();
  (details || panel).scrollIntoView({ block: "nearest" });
  return details;
}

// What a person does

// As many hours as it had, as far as the day goes.
function move(card, cell) {
  if (cell === cellOf(card)) return say(`${titleOf(card)} stays where it is.`);
  const { room, slot } = cell.dataset;
  const was = cellOf(card)?.dataset;
  const fields = { room, slot, seen_room: was?.room ?? "", seen_slot: was?.slot ?? "" };
  if (card.dataset.stretched) fields.until = endsOf(cell)[endsOf(card).indexOf(card.dataset.until)] ?? endsOf(cell).at(-1);
  return sendCard(card, fields, `${titleOf(card)} is now in ${placeOf(cell)}.`);
}

function stretch(card, until) {
  if (!until) return say(`${titleOf(card)} cannot end there.`);
  return sendCard(card, { until, seen_until: card.dataset.until }, `${titleOf(card)} now lasts until ${until}.`);
}

function join(card, other) {
  if (!isCard(other) || other === card) return say("Choose another card: the one that is the same.");
  return sendTo("join", { first: card.dataset.card, other: other.dataset.card }, `${titleOf(card)} and ${titleOf(other)} are one card now.`);
}

const mark = (state) => (cell) => sendTo("cells", { state, room: cell.dataset.room, slot: cell.dataset.slot }, `${placeOf(cell)} is ${state}.`);

const ACTS = {
  open: (node) => open(node),
  move: (card) => begin({ name: "move", card, target: cellOf(card) ?? cellAt(0, 0) }, `Moving ${titleOf(card)}. Choose a cell; Enter puts it there, Escape leaves it.`),
  longer: (card) => stretch(card, card.dataset.longer),
  shorter: (card) => stretch(card, card.dataset.shorter),
  join: (card) => begin({ name: "join", card }, `Which card is the same as ${titleOf(card)}? Enter joins them, Escape leaves them.`),
  split: (card) => open(card, "cut", "#cut-at"),
  hide: (card) => sendCard(card, { action: "hide" }, `${titleOf(card)} is hidden. It is in the list of hidden cards.`),
  cell: (card) => cellOf(card) && open(cellOf(card), "", "[name=reason]"),
  queue: (card) => location.assign(`${view.dataset.desk}?at=${card.dataset.card}#card-${card.dataset.card}`),
  free: mark("free"),
  taken: mark("taken"),
  blocked: (cell) => open(cell, "", "[name=reason]"),
  write: (cell) => open(cell, "write"),
  draw: () => begin({ name: "draw" }, "Draw over the card that was not found, from corner to corner. Enter takes the whole cell, Escape leaves it."),
  here: () => finish(mode.target ?? chosen()),
  stop: () => end("Nothing was changed."),
};
const KEYS = {
  "Enter": "open", "m": "move", "+": "longer", "=": "longer", "-": "shorter", "j": "join", "x": "split", "h": "hide", "c": "cell",
  "q": "queue", "f": "free", "t": "taken", "b": "blocked", "s": "write", "d": "draw",
};

// What takes two steps

function begin(what, text) {
  mode = what;
  aim(what.target);
  what.card?.setAttribute("aria-pressed", "true");
  scroll.classList.toggle("bv-draws", what.name === "draw");
  showTools();
  say(text);
}

function aim(cell) {
  mode.target?.classList.remove("bv-target");
  mode.target = cell;
  cell?.classList.add("bv-target");
}

function end(text) {
  aim(null);
  mode.card?.removeAttribute("aria-pressed");
  scroll.classList.remove("bv-draws");
  mode = null;
  showTools();
  if (text) say(text);
}

function finish(node) {
  const { name, card } = mode;
  if (!node) return;
  end();
  if (name === "move") move(card, cellOf(node));
  else if (name === "join") join(card, node);
  else drawIn(cellOf(node));
}

// By keyboard

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const next = (cell, [right, down]) => cellAt(Number(cell.dataset.column) + right, Number(cell.dataset.row) + down);

function go(node, step) {
  const cell = cellOf(node);
  const among = cell ? stopsOf(cell) : all(".bv-card:not([data-in])");
  const sibling = among[among.indexOf(node) + (cell ? step[1] : step[0] + step[1])];
  const there = cell && next(cell, step);
  const to = sibling && (step[1] || !cell) ? sibling : there && stopsOf(there).at(step[1] < 0 ? -1 : 0);
  if (!to) return;
  if (mode) to.focus();
  else choose(to);
}

// The newest act that holds, or with Shift the newest that was taken back.
function turn(again) {
  const [which, path] = again ? [".undone", "redo"] : [":not(.undone)", "undo"];
  const form = find(`#history li${which} form[action$="/${path}"]`);
  if (form) form.requestSubmit(form.querySelector("button"));
  else say(again ? "Nothing was taken back." : "There is nothing to take back.");
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.matches("input, textarea, select") && !mode && !ask.open) {
    event.preventDefault();
    return void turn(event.shiftKey);
  }
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || ask.open) return;
  if (mode && event.key === "Escape") return void end("Nothing was changed.");
  const node = event.target.closest?.("#drawing a");
  if (!node) {
    if (event.key !== "Escape" || !event.target.closest("#panel, #tools")) return;
    if (typed()) typed().form.reset();
    else chosen()?.focus();
    return;
  }
  const step = STEPS[event.key];
  if (opening && event.key !== "Tab") return void event.preventDefault();
  if (mode?.target && step) {
    aim(next(mode.target, step) ?? mode.target);
    say(mode.target.getAttribute("aria-label"));
  } else if (mode && event.key === "Enter") finish(mode.target ?? node);
  else if (step) go(node, step);
  else {
    const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (!act || mode || !find(`[data-do="${act}"]:not([hidden])`)) return;
    ACTS[act](node);
  }
  event.preventDefault();
});

tools.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) ACTS[button.dataset.do](chosen());
});

view.addEventListener("focusin", (event) => {
  const node = event.target.closest("#drawing a");
  if (node && !mode) choose(node);
});

view.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target; // some have a button that is called action
  const path = form.getAttribute("action");
  const done = form.dataset.done ?? (path.endsWith("/undo") ? "Taken back." : path.endsWith("/redo") ? "Made again." : "Saved.");
  send(path, new FormData(form, event.submitter), done, form);
});

// What others do meanwhile

let known = null;

async function look() {
  if (busy || mode || document.querySelector(".bv-dragged") || ask.open || document.hidden) return;
  const answer = await fetch(view.dataset.versionFrom, { cache: "no-cache" });
  const version = await answer.text();
  if (!answer.ok || version === known) return;
  if (known !== null) await load(current, typed() !== null || part("panel").contains(document.activeElement));
  known = version;
}

window.addEventListener("beforeunload", (event) => {
  if (typed()) event.preventDefault();
});

setInterval(() => look().catch(() => {}), EVERY_MS);

tools.hidden = false;
for (const node of all(".bv-scripted")) node.hidden = false;
const first = find("#drawing [aria-current]");
if (first) choose(first, false);
else {
  reach(stops()[0]);
  showTools();
}
