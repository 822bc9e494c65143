// Sends photos as soon as they are chosen. What cannot be sent is kept in this browser
// and sent later, one after the other, in the order in which they were taken. Without
// scripts the form's own button does the same.

import { mark } from "./capture-acts.js";
import { setClock } from "./capture-due.js";
import { kept } from "./capture-kept.js";
import { offer } from "./capture-live.js";
import { sendPhoto } from "./capture-sending.js";
import { today } from "./capture-today.js";
import { explain, progress, remove, say, show, tell, word } from "./capture-waiting.js";

const NEW_MS = 120000; // some browsers let one choose a file where others take a photo
const FIRST_PAUSE_MS = 2000; // a restart of the server takes some seconds
const LONGEST_PAUSE_MS = 60000;
const form = document.getElementById("capture");
let sending = null;
let timer = null;
let pause = FIRST_PAUSE_MS;
let reading = 0;

// A camera's picture is as old as it took to choose it; a file may be of any age.
const isNew = (input, file) => input.name === "camera" && Math.abs(Date.now() - file.lastModified) < NEW_MS;

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function add(input, file) {
  const at = Date.now();
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return explain(word("unread"));
  }
  // On plain HTTP browsers tell no hash: then the server does.
  const hash = crypto.subtle && hex(await crypto.subtle.digest("SHA-256", bytes));
  const photo = {
    name: hash || hex(crypto.getRandomValues(new Uint8Array(16))),
    hashed: Boolean(hash),
    type: file.type,
    fileName: file.name,
    kind: isNew(input, file) ? "camera" : "photo",
    board: form.elements.board?.value ?? "",
    at,
    state: "waiting",
  };
  const lasts = await kept.put(photo, bytes);
  show(photo, stop);
  if (!lasts) explain(word("unkept"));
}

async function addAll(input, files) {
  reading += 1;
  for (const file of files) await add(input, file);
  reading -= 1;
  pause = FIRST_PAUSE_MS;
  send();
}

function stop(photo) {
  kept.drop(photo.name);
  remove(photo);
}

function send() {
  sending ??= drain().finally(() => (sending = null));
  return sending;
}

async function drain() {
  clearTimeout(timer);
  for (;;) {
    const next = (await kept.all()).find((photo) => photo.state === "waiting");
    if (!next) return explain(kept.loses() ? word("unkept") : "");
    show(next, stop);
    tell(next, word("sending"));
    const bytes = await kept.bytes(next.name);
    // Gone, most often because another tab has sent it; the browser may have thrown it out.
    const answer = bytes
      ? await sendPhoto(next, bytes, form.dataset.parts, (share) => progress(next, share))
      : { kind: bytes === null ? "lost" : "refused", message: word("unread"), hint: "" };
    const wanted = await kept.has(next.name);
    if (answer.kind === "taken") await taken(next, answer);
    else if (answer.kind === "refused" && wanted) await refused(next, answer);
    else if (wanted) return wait(next, answer);
  }
}

async function taken(photo, { photo: stored, again }) {
  pause = FIRST_PAUSE_MS;
  await kept.drop(photo.name);
  explain("");
  // It stays where it is until the server's own words take its place.
  const thumbnail = document.querySelector(`#waiting-${CSS.escape(photo.name)} canvas`);
  const said = await today.follow(stored.id, again, thumbnail);
  say(`${again ? word("again") : ""} ${said ?? word("taken")}`);
  remove(photo);
}

async function refused(photo, { message, hint }) {
  const told = { ...photo, state: "refused", message, hint };
  await kept.put(told);
  show(told, stop);
  say(`${word("refused")}. ${message} ${hint}`);
}

function wait(photo, { why, message, hint, after = 0 }) {
  tell(photo, word("waiting"));
  explain(why ? word(why) : `${message} ${hint}`);
  timer = setTimeout(send, Math.max(pause, 1000 * after));
  pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
}

document.body.classList.add("scripted");
for (const input of form.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", async () => {
    await addAll(input, [...input.files]);
    input.value = ""; // the same photo may be sent again
  });
}
offer((file) => addAll(form.elements.camera, [file]));
today.onlook = () => {
  setClock();
  mark();
};
for (const event of ["online", "focus", "visibilitychange"]) {
  window.addEventListener(event, async () => {
    if (document.hidden) return;
    pause = FIRST_PAUSE_MS;
    await sending; // it began before
    send();
  });
}
window.addEventListener("beforeunload", (event) => {
  if (reading || kept.loses()) event.preventDefault();
});
for (const photo of await kept.all()) show(photo, stop);
send();
