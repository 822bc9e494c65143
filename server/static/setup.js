// Setting up a board: names beside the photo, what the server says of them, and saving.
"use strict";

const WAIT_MS = 150; // a drag asks for some pictures a second, not for all
const KEEP = `setup ${location.pathname}`; // a reloaded page has what was typed
const field = (id) => document.getElementById(id);
const FIELDS = ["title", "date", "slug"];
const SIDES = ["left", "top", "right", "bottom"];
const NAMES = { rooms: "Room", slots: "Hours" };
const BURST_MS = 1000; // what is typed or moved on within is undone at once
const grid = new Grid(() => changed(grid.held ?? grid.moved));
let sheets = [];
let sheet = null;
let asked = 0;
let timer = 0;
let now = ""; // all that stands on the page, as text
let last = { what: null, at: 0 };
const past = [];
const future = [];

const axisOf = (list) => ((list === "rooms") === (sheet.rooms_along === "columns") ? "column_edges" : "row_edges");
const even = (count) => Array.from({ length: count + 1 }, (_, index) => round(index / count, 5));
const slugOf = (title) => title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "board";

const state = () => JSON.stringify({ sheets, chosen: sheet.board });

// `what` was changed: the same thing at once again is one step to undo.
function changed(what) {
  const at = performance.now();
  if (!what || what !== last.what || at - last.at > BURST_MS) past.push(now);
  last = { what, at };
  future.length = 0;
  keep();
}

function keep() {
  now = state();
  field("undo").disabled = past.length === 0;
  field("redo").disabled = future.length === 0;
  sessionStorage.setItem(KEEP, now);
  field("status").textContent = "";
  clearTimeout(timer);
  timer = setTimeout(check, WAIT_MS);
}

function turn(from, to, said) {
  if (!from.length) return;
  to.push(now);
  const { sheets: were, chosen } = JSON.parse(from.pop());
  const focused = document.activeElement?.id;
  sheets = were;
  sheet = sheets.find(({ board }) => board === chosen);
  last = { what: null, at: 0 };
  fill();
  keep();
  field(focused)?.focus?.({ preventScroll: true });
  field("status").textContent = said;
}
const undo = () => turn(past, future, "Undone.");
const redo = () => turn(future, past, "Done again.");

async function send(where) {
  try {
    const response = await fetch(where, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sheet),
    });
    return { ok: response.ok, ...(await response.json()) };
  } catch {
    return { ok: false, refusals: [{ place: "", message: "The command in the terminal does not answer: it was ended. What you did here is kept in this tab, but not written." }] };
  }
}

async function check() {
  const mine = (asked += 1);
  const answer = await send("preview");
  if (mine !== asked) return null; // something newer is asked
  mark(answer);
  if (answer.ok) field("preview").src = answer.picture;
  return answer;
}

// Say all that is refused, each at its place, and show it on the picture.
function mark(answer) {
  for (const node of document.querySelectorAll(".refusal")) node.textContent = "";
  for (const node of document.querySelectorAll("[aria-invalid]")) node.removeAttribute("aria-invalid");
  for (const node of document.querySelectorAll(".wrong")) node.classList.remove("wrong");
  field("preview").classList.toggle("old", !answer.ok);
  for (const refusal of answer.refusals ?? []) refuse(refusal);
}

function refuse({ place, message }) {
  const [name, index] = place.split(".");
  const on = { corners: "corner", column_edges: "column", row_edges: "row" }[name];
  if (on) {
    // Where an area folds, it is by what was moved last.
    const handle = index ? grid.handles.find((one) => one.kind === on && one.index === Number(index)) : grid.moved;
    for (const node of [handle?.node, handle?.line, on === "corner" && grid.outline]) if (node) node.classList.add("wrong");
    field("grid-refusal").append(message, " ");
  } else if (name in NAMES) {
    const entry = field(name).children[Number(index)];
    (entry?.querySelector(".refusal") ?? field(`${name}-refusal`)).textContent = message;
    entry?.querySelector("input").setAttribute("aria-invalid", "true");
  } else if (name === "margins") {
    field("margins-refusal").append(message, " ");
    if (index) field(`margin-${SIDES[index]}`).setAttribute("aria-invalid", "true");
  } else if (FIELDS.includes(name)) {
    field(`${name}-refusal`).textContent = message;
    field(name).setAttribute("aria-invalid", "true");
  } else field("status").textContent = message;
}

function entry(list, name, index) {
  const item = document.createElement("li");
  const input = document.createElement("input");
  const refusal = document.createElement("span");
  const remove = document.createElement("button");
  Object.assign(input, { value: name, id: `${list}-${index}`, autocomplete: "off", spellcheck: false });
  input.setAttribute("aria-label", `${NAMES[list]} ${index + 1}`);
  Object.assign(refusal, { className: "refusal", id: `${list}-${index}-refusal` });
  input.setAttribute("aria-describedby", list === "slots" ? `${refusal.id} slots-help` : refusal.id);
  input.addEventListener("input", () => {
    sheet[list][index] = input.value;
    grid.draw();
    changed(input);
  });
  Object.assign(remove, { type: "button", className: "quiet", textContent: "Remove", disabled: sheet[list].length === 1 });
  remove.setAttribute("aria-label", `Remove ${name}`);
  remove.addEventListener("click", () => {
    // Its column joins the one before it; the first one the next.
    sheet[list].splice(index, 1);
    sheet[axisOf(list)].splice(Math.max(1, index), 1);
    fill();
    field(list).children[Math.min(index, sheet[list].length - 1)].querySelector("input").focus();
    changed();
  });
  item.append(input, remove, refusal);
  return item;
}

function fill() {
  for (const name of FIELDS) field(name).value = sheet[name];
  field("slug").readOnly = sheet.board !== "";
  field("board").value = sheet.board;
  field("along").value = sheet.rooms_along;
  SIDES.forEach((side, index) => { field(`margin-${side}`).value = sheet.margins[index]; });
  for (const list of Object.keys(NAMES)) {
    field(list).replaceChildren(...sheet[list].map((name, index) => entry(list, name, index)));
  }
  grid.show(sheet);
}

// The hours after the last ones, as long as those are.
function nextHours(last = "") {
  const [from, to] = [...last.matchAll(/(\d+):(\d+)/g)].map(([, hours, minutes]) => hours * 60 + Number(minutes));
  const end = 2 * to - from;
  if (!(end > to && end <= 1440)) return "";
  const clock = (minutes) => [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return `${clock(to)}-${clock(end)}`;
}

function nextRoom() {
  let number = sheet.rooms.length + 1;
  while (sheet.rooms.includes(`Room ${number}`)) number += 1;
  return `Room ${number}`;
}

function add(list) {
  const edges = sheet[axisOf(list)], last = edges.length - 1;
  edges.splice(last, 0, round((edges[last - 1] + edges[last]) / 2, 5));
  sheet[list].push(list === "rooms" ? nextRoom() : nextHours(sheet.slots.at(-1)));
  fill();
  field(list).lastElementChild.querySelector("input").select();
  changed();
}

for (const name of FIELDS) {
  field(name).addEventListener("input", () => {
    // As long as nobody gave it another one: "friday-2" is of the title "Friday", too.
    if (name === "title" && !sheet.board && sheet.slug.replace(/-\d+$/, "") === slugOf(sheet.title).replace(/-\d+$/, "")) {
      field("slug").value = sheet.slug = slugOf(field("title").value);
    }
    sheet[name] = field(name).value;
    changed(field(name));
  });
}
SIDES.forEach((side, index) => {
  field(`margin-${side}`).addEventListener("input", (event) => {
    sheet.margins[index] = event.target.value === "" ? null : Number(event.target.value);
    changed(event.target);
  });
});
for (const button of document.querySelectorAll("[data-add]")) {
  button.addEventListener("click", () => add(button.dataset.add));
}
field("board").addEventListener("change", () => {
  sheet = sheets.find(({ board }) => board === field("board").value);
  fill();
  changed();
});
field("along").addEventListener("change", () => {
  sheet.rooms_along = field("along").value;
  for (const list of Object.keys(NAMES)) {
    // As many lines as names, where the photo's do not fit.
    const axis = axisOf(list), count = sheet[list].length;
    if (sheet[axis].length !== count + 1) sheet[axis] = even(count);
  }
  fill();
  changed();
});
field("names").addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  asked += 1;
  field("save").disabled = true;
  const answer = await send("save");
  field("save").disabled = false;
  mark(answer);
  if (!answer.ok) {
    const [{ place, message }, ...others] = answer.refusals;
    const more = others.length ? ` And ${others.length} more, each marked at its place.` : "";
    if (place) field("status").textContent = `Not saved. ${message}${more}`;
    document.querySelector("[aria-invalid], .handle.wrong")?.focus();
    return;
  }
  sessionStorage.removeItem(KEEP);
  field("done-title").textContent = answer.title;
  document.body.classList.add("saved");
  field("done").hidden = false;
  field("done").focus();
});

field("undo").addEventListener("click", undo);
field("redo").addEventListener("click", redo);
document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) redo();
  else undo();
});

async function begin() {
  const start = await (await fetch("start")).json();
  const kept = sessionStorage.getItem(KEEP);
  const { chosen } = kept ? JSON.parse(kept) : start;
  sheets = kept ? JSON.parse(kept).sheets : start.sheets;
  for (const one of start.sheets) {
    field("board").add(new Option(one.board ? `${one.title}, ${one.date}` : "A new board", one.board));
  }
  field("which").hidden = sheets.length === 1;
  sheet = sheets.find(({ board }) => board === chosen);
  fill();
  now = state();
  check();
}

begin();
