// Taking back, putting back and "it was taken now": kept in this browser and sent as soon
// as it can be, as the photos are. Without scripts the forms do the same.

import { today } from "./capture-today.js";
import { say, word } from "./capture-waiting.js";
import { outbox } from "./outbox.js";

const template = document.getElementById("acting").content.firstElementChild;
const sentNow = new Set();

Object.assign(outbox.words, {
  unreached: word("unreached-act"),
  late: word("stalled-act"),
  stranger: word("stranger-act"),
  signedOut: () => word("signed-out-act"),
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".photo-acts");
  if (!form) return;
  event.preventDefault();
  const { name, value, firstChild } = event.submitter;
  const card = form.closest("li").id;
  // Two in a row are told apart: the last one counts.
  for (const before of outbox.entries("refused", card)) outbox.drop(before);
  const url = form.getAttribute("action");
  outbox.keep({ act: outbox.newName(), state: "waiting", card, label: firstChild.textContent, url, fields: [[name, value]] });
  say(`${firstChild.textContent}: ${word("sending")}`);
  outbox.send();
});

outbox.onanswer = async (entry, { kind, why }) => {
  if (kind === "lost") return;
  if (kind === "refused") {
    outbox.keep({ ...entry, state: "refused", why });
    return say(`${entry.label}: ${why}`);
  }
  sentNow.add(entry.card);
  outbox.drop(entry);
  await today.look();
  if (sentNow.delete(entry.card)) say(document.getElementById(entry.card)?.dataset.said ?? "");
};

// Marks the photos of which something is still to be sent.
export function mark() {
  for (const item of document.querySelectorAll("#photos li.photo")) {
    const [entry] = outbox.entries(null, item.id);
    const [form, old] = [item.querySelector(".photo-acts"), item.querySelector(".acting")];
    const note = entry && noteOf(entry);
    if (form) form.hidden = Boolean(entry);
    if (old?.textContent === note?.textContent) continue; // with the focus, perhaps
    old?.remove();
    if (note) item.insertBefore(note, form);
  }
}

function noteOf(entry) {
  const note = template.cloneNode(true);
  const refused = entry.state === "refused";
  const state = refused ? entry.why : outbox.why ? `${word("waiting")}. ${outbox.why}` : word("sending");
  note.querySelector("span").textContent = `${entry.label}: ${state}`;
  const button = note.querySelector("button");
  if (refused) button.textContent = word("dismiss");
  button.addEventListener("click", () => {
    const item = document.getElementById(entry.card);
    outbox.drop(entry);
    item?.querySelector(".photo-acts button")?.focus();
  });
  return note;
}

// Another tab sent it.
outbox.ongone = () => today.look();
outbox.onchange = mark;
mark();
outbox.send();
