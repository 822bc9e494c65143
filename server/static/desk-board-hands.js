// The board view by mouse and by thumb: what is dragged, drawn and enlarged.
"use strict";

const DRAG_FROM_PX = 6; // less is a click of an unsteady hand
const UNITS = 1200; // width of the drawing in its own units

let drag = null; // a mouse button that is held down on a card
let dragged = false; // the click that follows a drag is none

const under = (x, y, selector) =>
  document.elementsFromPoint(x, y).map((node) => node.closest(selector)).find((node) => node && node !== drag?.card);

view.addEventListener("pointerdown", (event) => {
  dragged = false;
  const card = event.target.closest(".bv-card");
  if (!card || event.pointerType === "touch" || event.button !== 0 || mode) return;
  drag = { card, x: event.clientX, y: event.clientY, handle: event.target.closest("[data-handle]"), moved: false, over: null };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.moved && Math.hypot(right, down) < DRAG_FROM_PX) return;
  drag.moved = true;
  drag.card.classList.add("bv-dragged");
  const units = UNITS / drawing().clientWidth;
  if (!drag.handle) drag.card.setAttribute("transform", `translate(${right * units} ${down * units})`);
  drag.over?.classList.remove("bv-target");
  drag.over = under(event.clientX, event.clientY, ".bv-cell");
  drag.over?.classList.add("bv-target");
});

function drop(event) {
  if (!drag) return;
  const { card, handle, moved, over } = drag;
  const on = under(event.clientX, event.clientY, ".bv-card");
  drag = null;
  over?.classList.remove("bv-target");
  card.classList.remove("bv-dragged");
  card.removeAttribute("transform");
  if (!moved) return;
  dragged = true;
  choose(card, false);
  if (event.type !== "pointerup" || !over) say("Nothing was changed.");
  else if (handle) stretch(card, endsOf(card).includes(endsOf(over)[0]) ? endsOf(over)[0] : endsOf(card)[0]);
  else if (on) choice(card, on, over);
  else move(card, over);
}
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#drawing")) event.preventDefault(); });

// One card was dropped on another: are they one, or do both hang there?
function choice(card, other, cell) {
  part("ask-heading").textContent = `${titleOf(card)} is on ${titleOf(other)}`;
  ask.returnValue = "";
  ask.onclose = () => {
    if (ask.returnValue === "join") join(other, card);
    else if (ask.returnValue === "move") move(card, cell);
    else say("Nothing was changed.");
  };
  ask.showModal();
}

view.addEventListener("click", (event) => {
  const node = event.target.closest("#drawing a");
  if (!node || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (dragged || mode?.name === "draw") return;
  if (mode) return void finish(node);
  choose(node);
  show(node);
});
view.addEventListener("dblclick", (event) => {
  const node = event.target.closest("#drawing a");
  if (node) open(node);
});

// Lines and rects that are drawn, in fractions of what they are drawn on

function onto(node, event) {
  const box = node.getBoundingClientRect();
  const within = (at, from, size) => Math.min(1, Math.max(0, (at - from) / size));
  return [within(event.clientX, box.left, box.width), within(event.clientY, box.top, box.height)];
}

let from = null; // where the pointer went down

scroll.addEventListener("pointerdown", (event) => {
  if (mode?.name !== "draw" || !event.target.closest("#drawing")) return;
  event.preventDefault();
  from = onto(drawing(), event);
  part("bv-new")?.remove();
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  rect.id = "bv-new";
  drawing().append(rect);
});

const rectTo = ([x, y]) => [Math.min(x, from[0]), Math.min(y, from[1]), Math.max(x, from[0]), Math.max(y, from[1])];

document.addEventListener("pointermove", (event) => {
  if (!from || mode?.name !== "draw") return;
  const [left, top, right, bottom] = rectTo(onto(drawing(), event));
  const height = drawing().viewBox.baseVal.height;
  const places = { x: left * UNITS, y: top * height, width: (right - left) * UNITS, height: (bottom - top) * height };
  for (const [name, value] of Object.entries(places)) part("bv-new").setAttribute(name, value);
});

document.addEventListener("pointerup", (event) => {
  if (!from || mode?.name !== "draw") return;
  const rect = rectTo(onto(drawing(), event));
  from = null;
  const box = drawing().getBoundingClientRect();
  const cell = under(box.left + ((rect[0] + rect[2]) / 2) * box.width, box.top + ((rect[1] + rect[3]) / 2) * box.height, ".bv-cell");
  if (!cell) return say("Draw it in a cell.", true);
  end();
  dragged = true;
  drawIn(cell, rect);
});

async function drawIn(cell, rect = null) {
  current = cell.id;
  const shape = part("bv-new");
  const form = (await open(cell, "draw"))?.querySelector("form");
  if (!form) return say("There is no picture to draw on: put it in as a session that no card shows.", true);
  if (rect) form.elements.rect.value = rect.map((number) => number.toFixed(4)).join(",");
  if (shape) drawing().append(shape);
  say("Type what the card says, and add it.");
}

function cut(at, upright) {
  const radio = part("cut").querySelectorAll("[name=line]")[upright ? 1 : 0];
  const ends = upright ? [at, 0, at, 1] : [0, at, 1, at];
  radio.checked = true;
  radio.value = ends.map((number) => number.toFixed(3)).join(",");
  ["x1", "y1", "x2", "y2"].forEach((name, index) => part("cut-line").setAttribute(name, ends[index]));
  part("cut-at").value = at * 100;
}

view.addEventListener("input", (event) => {
  if (!event.target.closest("#cut fieldset")) return;
  cut(part("cut-at").value / 100, part("cut").querySelectorAll("[name=line]")[1].checked);
});

let cutFrom = null;

view.addEventListener("pointerdown", (event) => {
  const crop = event.target.closest(".bv-crop");
  if (!crop) return;
  event.preventDefault();
  cutFrom = { crop, x: event.clientX, y: event.clientY, at: onto(crop, event) };
});

document.addEventListener("pointermove", (event) => {
  if (!cutFrom) return;
  const { crop, x, y, at } = cutFrom;
  const to = onto(crop, event);
  const upright = Math.abs(event.clientX - x) < Math.abs(event.clientY - y);
  const side = upright ? 0 : 1;
  cut((at[side] + to[side]) / 2, upright);
});
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => { cutFrom = null; });

// As large as a thumb needs it

const sizes = all("[data-zoom]");

// What is chosen, or else the middle of what is seen, stays in sight.
function zoom(button) {
  const grown = Number(button.dataset.zoom) / Number(scroll.dataset.size ?? 1);
  const [x, y] = [scroll.scrollLeft + scroll.clientWidth / 2, scroll.scrollTop + scroll.clientHeight / 2];
  scroll.dataset.size = button.dataset.zoom;
  for (const one of sizes) one.setAttribute("aria-pressed", String(one === button));
  scroll.scrollTo(x * grown - scroll.clientWidth / 2, y * grown - scroll.clientHeight / 2);
  chosen()?.scrollIntoView({ block: "nearest", inline: "center" });
}
find(".bv-zoom").hidden = false;
for (const button of sizes) button.addEventListener("click", () => zoom(button));
