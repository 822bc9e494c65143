// Sends as soon as a photo is chosen, shows how far it is, and what became
// of it. Without it the form's own button does the same.
"use strict";

const EVERY_MS = 1500; // staff stand in front of the board and wait
const NEW_MS = 120000; // some browsers let one choose a file where others take a photo
const STATES = {
  received: "Received, waiting to be straightened",
  straightened: "Straight and published; the cards are being read",
  read: "Done: picture and schedule are published",
  settled: "Done: picture and schedule are published",
  refused: "This photo cannot be used",
  failed: "This photo could not be read",
};
const form = document.getElementById("capture");
const list = document.getElementById("sent");

function entry(className) {
  document.getElementById("sent-heading").hidden = false;
  const item = document.createElement("li");
  item.className = `photo ${className}`;
  list.prepend(item);
  return item;
}

function line(item, text, tag = "p", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  item.append(node);
  return node;
}

function bar(item, value, max) {
  const node = document.createElement("progress");
  node.max = max;
  node.value = value;
  item.append(node);
  return node;
}

function show(item, photo) {
  item.className = `photo photo-${photo.state}`;
  item.replaceChildren();
  line(item, photo.taken_back ? "Taken back" : (STATES[photo.state] ?? photo.state), "strong");
  if (photo.cards_total && !photo.done) bar(item, photo.cards_read, photo.cards_total);
  if (photo.message) line(item, photo.message);
  if (photo.hint) line(item, photo.hint, "p", "soft");
  for (const finding of photo.findings ?? []) line(item, finding.message, "p", "finding");
  if (photo.id && !photo.message) offer(item, photo);
}

function offer(item, photo) {
  const own = document.createElement("form");
  own.method = "post";
  own.action = `${form.dataset.photos}/${photo.id}`;
  own.append(form.elements.csrf_token.cloneNode());
  const button = line(own, photo.taken_back ? "Put back" : "Take back", "button", "quiet");
  button.name = "action";
  button.value = photo.taken_back ? "put-back" : "take-back";
  item.append(own);
}

async function follow(item, url) {
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY_MS));
    if (document.hidden) continue;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok) continue;
      const photo = await response.json();
      show(item, photo);
      if (photo.done) return;
    } catch {
      // No network just now: the photo is safe where it is, ask again.
    }
  }
}

function refused(item, photo, name) {
  item.className = "photo photo-refused";
  item.replaceChildren();
  line(item, name, "p", "soft");
  line(item, photo.message ?? "The photo could not be sent.", "strong");
  line(item, photo.hint ?? "Check the network and send it again.", "p", "soft");
}

// A camera's picture is as old as it took to choose it; a file may be of any age.
const isNew = (input, file) =>
  input.name === "camera" && Math.abs(Date.now() - file.lastModified) < NEW_MS;

function send(file, field) {
  const item = entry("photo-sending");
  line(item, "Sending…", "strong");
  const progress = bar(item, 0, 1);
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("board", form.elements.board?.value ?? "");
  body.append(field, file);
  const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
  request.open("POST", form.dataset.upload);
  request.responseType = "json";
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) progress.value = event.loaded / event.total;
  };
  request.onerror = () => refused(item, {}, file.name);
  request.onload = () => {
    const photo = request.response?.photos?.[0];
    if (request.status >= 400 || !photo) return refused(item, request.response ?? {}, file.name);
    show(item, photo);
    if (!photo.done) follow(item, photo.status_url);
  };
  request.send(body);
}

document.body.classList.add("scripted");
for (const input of form.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => {
    for (const file of input.files) send(file, isNew(input, file) ? "camera" : "photo");
    input.value = ""; // the same photo may be sent again
  });
}
for (const item of list.querySelectorAll("[data-done=no]")) follow(item, item.dataset.status);
