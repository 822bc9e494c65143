// Where the board is in the live camera's picture, which the server says, and what to do:
// the outline is drawn on the video. Without an answer in time there is no outline, and
// the page says what it knows by itself.

const EVERY_MS = 2000;
const ANSWER_WITHIN_MS = 4000; // of an older picture: the phone points elsewhere by then
const LASTS_MS = 5000; // an outline without a newer one
const LONG_PX = 960; // tags show in it from a few steps away
const QUALITY = 0.6;
const PAUSE_MS = 20000; // after a refusal: the site has other things to do, or it is signed out
const ADVICE = ["dark", "bright", "cut_off", "far", "blurred", "good"];
const form = document.getElementById("capture");
const outline = document.querySelector("#live polygon");
const canvas = document.createElement("canvas");
let number = 0;
let asking = false;
let notBefore = 0;
let seenAt = 0;
let said = "";

// What the server says of what is seen now; empty if nothing.
export const advice = () => (Date.now() - seenAt < LASTS_MS ? said : "");

export function forget() {
  seenAt = 0;
  draw(null);
}

// Asks about what a video shows, if it is time to; `photoPx` is the long side of the
// photo that it would become.
export async function look(video, photoPx) {
  if (Date.now() - seenAt >= LASTS_MS) draw(null);
  if (asking || Date.now() < notBefore || document.hidden) return;
  asking = true;
  notBefore = Date.now() + EVERY_MS;
  try {
    const answer = await ask(await jpeg(video), photoPx);
    seenAt = video.srcObject ? Date.now() : 0; // closed meanwhile: of an older look
    said = answer.advice;
    draw(seenAt ? answer.outline : null);
  } catch (error) {
    if (error instanceof Refused) notBefore = Date.now() + PAUSE_MS;
  } finally {
    asking = false;
  }
}

class Refused extends Error {}

function jpeg(video) {
  const scale = Math.min(1, LONG_PX / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(scale * video.videoWidth);
  canvas.height = Math.round(scale * video.videoHeight);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

async function ask(body, photoPx) {
  number += 1;
  const query = new URLSearchParams({ frame: number, photo_px: photoPx });
  const headers = { "X-CSRF-Token": form.elements.csrf_token.value, Accept: "application/json" };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(`${form.dataset.frame}?${query}`, { method: "POST", body, headers, signal, cache: "no-store" });
  if (!response.ok) throw new Refused(response.status);
  const answer = await response.json();
  // A portal's or a proxy's says neither.
  const known = answer.frame === String(number) && ["", ...ADVICE].includes(answer.advice);
  if (!known) throw new Refused("something else answered");
  return answer;
}

function draw(corners) {
  outline.setAttribute("points", (corners ?? []).map((corner) => corner.join(",")).join(" "));
}
