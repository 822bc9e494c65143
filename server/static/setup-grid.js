// The grid on the photo: drawn, and moved with mouse, thumb or keyboard.
"use strict";

const CORNERS = ["top left", "top right", "bottom right", "bottom left"];
const AXES = ["column", "row"];
const SAME = 0.0002; // of edges that are rounded
const REACH_PX = { corner: 28, dot: 20, line: 12 }; // how near a thumb must be
const DOT_PX = 8;
const LOUPE_PX = 132;
const LOUPE_ZOOM = 4;
const LOUPE_LEAST = 60; // photo pixels across: more of a blur helps nobody
const AROUND = 0.03; // part of the photo's size that is left free around it
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const shape = (name, parent, attributes = {}) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.append(node);
  return node;
};

// Photo from unit square, row by row (Heckbert 1989); null where the corners fold.
function photoFromArea(corners) {
  const turns = corners.map(([x, y], i) => {
    const [ax, ay] = corners[(i + 1) % 4];
    const [bx, by] = corners[(i + 2) % 4];
    return (ax - x) * (by - ay) - (ay - y) * (bx - ax);
  });
  if (turns.some((turn) => !(turn > 0))) return null;
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners;
  const det = (x1 - x2) * (y3 - y2) - (x3 - x2) * (y1 - y2);
  const sx = x0 - x1 + x2 - x3, sy = y0 - y1 + y2 - y3;
  const g = (sx * (y3 - y2) - (x3 - x2) * sy) / det;
  const h = ((x1 - x2) * sy - sx * (y1 - y2)) / det;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

function inverse([a, b, c, d, e, f, g, h, i]) {
  return [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f,
    d * h - e * g, b * g - a * h, a * e - b * d];
}

function mapped([a, b, c, d, e, f, g, h, i], [x, y]) {
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

function distanceToLine([x, y], [ax, ay], [bx, by]) {
  const dx = bx - ax, dy = by - ay;
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

const isEven = (edges) => edges.every((at, index) => Math.abs(at - index / (edges.length - 1)) < SAME);

class Grid {
  // `changed` is called after each move; the sheet is changed in place.
  constructor(changed) {
    this.changed = changed;
    this.stage = document.getElementById("stage");
    this.loupe = document.getElementById("loupe");
    this.size = [Number(this.stage.dataset.width), Number(this.stage.dataset.height)];
    this.handles = [];
    this.held = this.moved = null;
    this.stage.addEventListener("pointerdown", (event) => this.take(event));
    this.stage.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.stage.addEventListener(end, () => this.release());
    // Only where a handle is: elsewhere a thumb scrolls the page.
    this.stage.addEventListener("touchstart", (event) => {
      const { clientX, clientY } = event.touches[0];
      if (event.touches.length === 1 && this.nearest([clientX, clientY])) event.preventDefault();
    }, { passive: false });
    this.stage.addEventListener("keydown", (event) => this.press(event));
    this.stage.addEventListener("focusin", () => this.magnify());
    this.stage.addEventListener("focusout", () => { this.loupe.toggleAttribute("hidden", true); });
    new ResizeObserver(() => this.draw()).observe(this.stage);
  }

  // Make handles for a sheet's corners and lines.
  show(sheet) {
    this.sheet = sheet;
    this.moved = null;
    const parent = document.getElementById("handles");
    const focused = document.activeElement?.id;
    parent.replaceChildren();
    document.querySelectorAll("#lines .line").forEach((line) => line.remove());
    this.handles = CORNERS.map((name, index) => this.handle("corner", index, { "aria-roledescription": "corner" }));
    for (const axis of ["column", "row"]) {
      const edges = sheet[`${axis}_edges`];
      for (let index = 1; index < edges.length - 1; index += 1) {
        const handle = this.handle(axis, index, { "aria-valuemin": 0, "aria-valuemax": 100 });
        handle.line = shape("path", document.getElementById("lines"), { class: `line ${axis}` });
        this.handles.push(handle);
      }
    }
    this.outline = shape("path", document.getElementById("lines"), { class: "line outline" });
    if (focused) document.getElementById(focused)?.focus?.({ preventScroll: true });
    this.frame();
    this.draw();
  }

  handle(kind, index, attributes) {
    const node = shape("g", document.getElementById("handles"), {
      id: `${kind}-${index}`, class: `handle ${kind}`, tabindex: 0,
      role: kind === "corner" ? "button" : "slider", ...attributes,
    });
    return { kind, index, node, dot: shape("circle", node) };
  }

  // Show the photo and whatever corner lies outside of it.
  frame() {
    const [width, height] = this.size;
    const xs = [0, width, ...this.sheet.corners.map(([x]) => x)];
    const ys = [0, height, ...this.sheet.corners.map(([, y]) => y)];
    const pad = AROUND * Math.max(width, height);
    const left = Math.min(...xs) - pad, top = Math.min(...ys) - pad;
    this.stage.setAttribute("viewBox", [left, top, Math.max(...xs) + pad - left, Math.max(...ys) + pad - top].join(" "));
  }

  scale() { // photo pixels in a pixel of the screen
    return 1 / (this.stage.getScreenCTM()?.a || 1);
  }

  ends({ kind, index }) {
    const at = this.sheet[`${kind}_edges`][index];
    const ends = kind === "column" ? [[at, 0], [at, 1]] : [[0, at], [1, at]];
    return ends.map((end) => mapped(this.map, end));
  }

  place(handle) {
    if (handle.kind === "corner") return this.sheet.corners[handle.index];
    return this.map && this.ends(handle)[0];
  }

  draw() {
    if (!this.sheet) return;
    this.map = photoFromArea(this.sheet.corners);
    const radius = DOT_PX * this.scale();
    const outline = `M${this.sheet.corners.map((corner) => corner.join(" ")).join("L")}Z`;
    const all = [outline];
    this.outline.setAttribute("d", outline);
    for (const handle of this.handles) {
      const at = this.place(handle);
      handle.node.toggleAttribute("hidden", !at);
      if (handle.line) {
        const path = at ? `M${this.ends(handle).map((end) => end.join(" ")).join("L")}` : "";
        handle.line.setAttribute("d", path);
        all.push(path);
      }
      if (!at) continue;
      handle.dot.setAttribute("cx", at[0]);
      handle.dot.setAttribute("cy", at[1]);
      handle.dot.setAttribute("r", handle.line ? radius * 0.75 : radius);
      this.label(handle, at);
    }
    document.querySelector("#lines .halo").setAttribute("d", all.join(""));
    this.magnify();
  }

  label({ kind, index, node }, at) {
    if (kind === "corner") {
      node.setAttribute("aria-label", `Corner ${CORNERS[index]}, at ${at.map(Math.round).join(", ")}`);
      return;
    }
    const rooms = (kind === "column") === (this.sheet.rooms_along === "columns");
    const names = this.sheet[rooms ? "rooms" : "slots"];
    const percent = 100 * this.sheet[`${kind}_edges`][index];
    node.setAttribute("aria-label", `Line between ${names[index - 1]} and ${names[index]}`);
    node.setAttribute("aria-valuenow", Math.round(percent));
    node.setAttribute("aria-valuetext", `${percent.toFixed(1)} percent`);
    node.setAttribute("aria-orientation", kind === "column" ? "horizontal" : "vertical");
  }

  onPhoto([clientX, clientY]) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(this.stage.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  // The handle that is meant at a place of the screen: corners first, then dots, then lines.
  nearest(client) {
    const at = this.onPhoto(client), reach = this.scale();
    const away = (handle) => {
      const place = this.place(handle);
      return place ? Math.hypot(at[0] - place[0], at[1] - place[1]) : Infinity;
    };
    const along = (handle) => this.map ? distanceToLine(at, ...this.ends(handle)) : Infinity;
    const lines = this.handles.filter((handle) => handle.line);
    for (const [handles, distance, px] of [
      [this.handles.filter((handle) => !handle.line), away, REACH_PX.corner],
      [lines, away, REACH_PX.dot],
      [lines, along, REACH_PX.line],
    ]) {
      const near = handles.map((handle) => [distance(handle), handle]).sort(([a], [b]) => a - b)[0];
      if (near && near[0] <= px * reach) return near[1];
    }
    return null;
  }

  take(event) {
    const handle = event.button === 0 && this.nearest([event.clientX, event.clientY]);
    if (!handle) return;
    event.preventDefault();
    handle.node.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    const from = this.onPhoto([event.clientX, event.clientY]);
    this.held = { handle, from, ...this.before(handle), map: this.map && [...this.map] };
  }

  before({ kind, index }) {
    const was = kind === "corner" ? [...this.sheet.corners[index]] : this.sheet[`${kind}_edges`][index];
    return { was, edges: AXES.map((axis) => [...this.sheet[`${axis}_edges`]]) };
  }

  // Lines that were found on the photo stay there as a corner moves; evenly spaced ones,
  // of which nothing is known, are spread anew, as are those that a corner would pass.
  stay(edges, map) {
    const now = photoFromArea(this.sheet.corners);
    AXES.forEach((axis, side) => {
      const were = edges[side], last = were.length - 1;
      let there = were;
      if (now && map && !isEven(were)) {
        const areaFromPhoto = inverse(now);
        there = were.map((at, index) => {
          const middle = side === 0 ? [at, 0.5] : [0.5, at];
          return index % last ? round(mapped(areaFromPhoto, mapped(map, middle))[side], 5) : at;
        });
        if (there.some((at, index) => index && at <= there[index - 1])) there = were;
      }
      this.sheet[`${axis}_edges`] = [...there];
    });
  }

  drag(event) {
    if (!this.held) return;
    this.at = this.onPhoto([event.clientX, event.clientY]);
    this.move(this.held, this.at);
  }

  // Move a handle as far as from one place on the photo to another.
  move({ handle, from, was, edges, map }, to) {
    const { kind, index } = handle;
    this.moved = handle;
    if (kind === "corner") {
      this.sheet.corners[index] = was.map((value, axis) => round(value + to[axis] - from[axis], 1));
      this.stay(edges, map);
    } else {
      const areaFromPhoto = inverse(map), axis = kind === "column" ? 0 : 1;
      const by = mapped(areaFromPhoto, to)[axis] - mapped(areaFromPhoto, from)[axis];
      this.sheet[`${kind}_edges`][index] = round(Math.min(1, Math.max(0, was + by)), 5);
    }
    this.draw();
    this.changed();
  }

  release() {
    if (!this.held) return;
    this.held = this.at = null;
    this.frame();
    this.draw();
  }

  press(event) {
    const step = KEYS[event.key];
    const handle = this.handles.find(({ node }) => node === event.target);
    if (!step || !handle || !this.place(handle)) return;
    event.preventDefault();
    const from = this.place(handle), by = event.shiftKey ? 10 : 1;
    this.move({ handle, from, ...this.before(handle), map: this.map }, [from[0] + by * step[0], from[1] + by * step[1]]);
    this.frame();
    this.draw();
  }

  magnify() {
    const handle = this.handles.find(({ node }) => node === document.activeElement);
    const at = handle && (handle.line && this.at ? this.at : this.place(handle));
    this.loupe.toggleAttribute("hidden", !at);
    if (!at) return;
    const across = Math.max(LOUPE_LEAST, (LOUPE_PX * this.scale()) / LOUPE_ZOOM);
    this.loupe.setAttribute("viewBox", [at[0] - across / 2, at[1] - across / 2, across, across].join(" "));
    const dot = this.loupe.querySelector("circle");
    dot.setAttribute("cx", at[0]);
    dot.setAttribute("cy", at[1]);
    dot.setAttribute("r", across / 25);
    const { x, width } = this.stage.viewBox.baseVal;
    this.loupe.classList.toggle("right", at[0] < x + width / 2);
  }
}

const round = (value, digits) => Number(value.toFixed(digits));
