// Sends one photo, in parts, from where it broke off. Networks answer in a server's
// place: only an answer that repeats the photo's name counts, or a refusal in words, as
// for `boardcast send` (server/sending/server.py). The name is the photo's hash where
// the browser can tell it.

import { passes } from "./outbox.js";

const FIRST_BYTES = 512 * 1024; // below what a proxy takes that nobody set up (1 MiB)
const LEAST_BYTES = 32 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
const QUICK_MS = 3000; // a part that takes less could have been larger
const STALLED_MS = 30000; // nothing moved: the line is stuck, or a server is; slow ones take ten
let partBytes = FIRST_BYTES;

// The answer, of whomever; why there is none.
function request(method, url, { body, token, onprogress } = {}) {
  return new Promise((done) => {
    const asked = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
    let timer = null;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        asked.abort();
        done({ why: "stalled" });
      }, STALLED_MS);
    };
    asked.open(method, url);
    asked.responseType = "text";
    asked.setRequestHeader("Accept", "application/json");
    if (token) asked.setRequestHeader("X-CSRF-Token", token);
    asked.upload.onprogress = (event) => {
      moved();
      onprogress(event.loaded);
    };
    asked.onprogress = moved;
    asked.onerror = () => done({ why: "unreached" });
    asked.onload = () => done({ status: asked.status, said: said(asked), after: Number(asked.getResponseHeader("Retry-After")) || 0 });
    asked.onloadend = () => clearTimeout(timer);
    moved();
    asked.send(body);
  });
}

function said(asked) {
  try {
    return JSON.parse(asked.responseText);
  } catch {
    return null;
  }
}

// Whose answer it is, and what follows from it.
function judged({ status, said, after, why }, photo) {
  if (why) return { kind: "lost", why };
  if (status < 300 && said?.upload === photo.name && Number.isInteger(said.received)) {
    const stored = said.photo;
    const other = stored && photo.hashed && !photo.name.startsWith(stored.id);
    return other ? { kind: "lost", why: "stranger" } : { kind: "ours", ...said };
  }
  const isRefusal = typeof said?.message === "string" && typeof said?.hint === "string";
  if (!isRefusal || status < 400) return { kind: status === 413 ? "too-large" : "lost", why: "stranger" };
  if (status === 401) return { kind: "lost", why: "signed-out" };
  return { kind: passes(status) ? "lost" : "refused", ...said, status, after };
}

// Photos whose last part was sent and not answered: that they are here is no surprise.
const tried = new Set();

// What became of it: {kind: "taken", photo, again}, {kind: "refused", message, hint}, or
// {kind: "lost"} with why, a word, or message and hint; `after` seconds it may go on.
export async function sendPhoto(photo, bytes, address, onprogress) {
  const taken = (stored) => ({ kind: "taken", photo: stored, again: !stored.new && !tried.has(photo.name) });
  const total = bytes.byteLength;
  const url = `${address}${photo.name}`;
  const asked = judged(await request("GET", url), photo);
  if (asked.kind !== "ours") return asked;
  if (asked.photo) return taken(asked.photo);
  let { received } = asked;
  let token = asked.csrf_token;
  for (;;) {
    // All may be there, and no answer have come: the last byte asks for it again.
    const offset = Math.min(received, total - 1);
    const waited = Math.max(0, Math.round((Date.now() - photo.at) / 1000));
    const query = new URLSearchParams({ offset, size: total, kind: photo.kind, waited, board: photo.board });
    const began = Date.now();
    const body = new Blob([bytes.slice(offset, offset + partBytes)]);
    const isLast = offset + partBytes >= total;
    const answer = judged(
      await request("POST", `${url}?${query}`, { body, token, onprogress: (sent) => onprogress((offset + sent) / total) }),
      photo,
    );
    if (answer.kind === "too-large" && partBytes === LEAST_BYTES) return { kind: "lost", why: "too-large" };
    const went = answer.kind === "ours" && Date.now() - began < QUICK_MS;
    partBytes = went ? Math.min(2 * partBytes, MOST_BYTES) : Math.max(partBytes / 2, LEAST_BYTES);
    if (answer.kind === "too-large") continue;
    if (answer.kind === "lost" && isLast) tried.add(photo.name);
    if (answer.kind !== "ours") return answer;
    if (answer.photo) return taken(answer.photo);
    // What was there has gone: begun anew, but not without end.
    if (answer.received <= offset) return { kind: "lost", why: "stalled" };
    received = answer.received;
    token = answer.csrf_token;
  }
}
