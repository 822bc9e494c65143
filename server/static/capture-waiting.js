// The photos that are not sent yet, as the page shows them; its words are in the page.

import { kept } from "./capture-kept.js";

const section = document.getElementById("outbox");
const list = section.querySelector("ol");
const template = document.getElementById("waiting").content.firstElementChild;
const words = document.getElementById("words").content;
const THUMBNAIL_PX = 640;
let drawing = Promise.resolve(); // one after the other: large photos take memory

export const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;
export const say = (text) => (document.getElementById("said").textContent = text);

const itemOf = (photo) => document.getElementById(`waiting-${photo.name}`);

// Draws one that is new to the page; `onstop` is called where a person does not want it.
export function show(photo, onstop) {
  const item = itemOf(photo) ?? template.cloneNode(true);
  if (!item.id) {
    item.id = `waiting-${photo.name}`;
    item.querySelector(".file-name").textContent = photo.fileName;
    item.querySelector(".chosen-at").textContent = new Date(photo.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    item.querySelector("button").addEventListener("click", () => onstop(photo));
    list.prepend(item);
    drawing = drawing.then(() => thumbnail(photo, item.querySelector(".photo-picture")));
  }
  const refused = photo.state === "refused";
  item.className = `photo photo-${refused ? "refused" : "sending"}`;
  item.querySelector("progress").hidden = refused;
  if (refused) item.querySelector("button").textContent = word("dismiss");
  tell(photo, refused ? photo.message : word("waiting"), refused ? photo.hint : "");
  section.hidden = false;
}

export function tell(photo, state, hint = "") {
  const item = itemOf(photo);
  if (!item) return;
  item.querySelector("strong").textContent = state;
  item.querySelector(".hint").textContent = hint;
}

export function progress(photo, share) {
  const item = itemOf(photo);
  if (!item) return;
  item.querySelector("progress").value = share;
  tell(photo, word(share < 1 ? "sending" : "checking"));
}

// Gives its thumbnail, for where it is shown next.
export function remove(photo) {
  const item = itemOf(photo);
  const picture = item?.querySelector("canvas");
  item?.remove();
  section.hidden = !list.children.length;
  return picture;
}

// Why nothing is sent just now; empty if nothing stands in the way.
export function explain(text) {
  const why = document.getElementById("outbox-why");
  if (why.textContent === text) return;
  why.textContent = text;
  why.hidden = !text;
  if (text) say(text);
}

// Some browsers cannot show every format that phones have: then there is none.
async function thumbnail({ name, type }, place) {
  try {
    const picture = await createImageBitmap(new Blob([await kept.bytes(name)], { type }), { resizeWidth: THUMBNAIL_PX });
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
    place.append(canvas);
  } catch {
    // As above.
  }
}
