// The camera to aim by, where browsers let a page have it (HTTPS): says by itself when it
// is too dark or not held still, and what the server sees. Elsewhere "Take a photo" opens
// the phone's own.

import { advice, forget, look as lookAtBoard } from "./capture-aim.js";
import { say, word } from "./capture-waiting.js";

const LOOK_MS = 500;
const SMALL = { width: 64, height: 48 };
const DARK_LEVEL = 45; // mean grey level below which writing drowns in noise
const MOVED_LEVELS = 9; // mean change of a pixel from one look to the next
const OPEN_MS = 600000; // forgotten, it would take battery and some of the phone's data
const LONG_PX = 4096; // asked for: phones give less in a stream, and all in a photo
const QUALITY = 0.92;
const button = document.getElementById("live-open");
const dialog = document.getElementById("live");
const take = document.getElementById("live-take");
const video = dialog.querySelector("video");
const small = document.createElement("canvas");
let stream = null;
let timer = null;
let end = null;
let before = null;
let photoPx = 0;
let opening = false;

// Where it is to be had; `onphoto` gets what was taken, as a file.
export function offer(onphoto) {
  button.hidden = !navigator.mediaDevices?.getUserMedia;
  button.addEventListener("click", open);
  take.addEventListener("click", async () => {
    take.disabled = true; // pressed twice it is one
    const taken = await photo();
    dialog.close();
    if (taken) onphoto(new File([taken], "photo.jpg", { type: taken.type }));
  });
  // Before its first picture there is nothing to take.
  video.addEventListener("loadeddata", () => (take.disabled = false));
  document.getElementById("live-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", stop);
}

async function open() {
  if (opening) return; // a second one would be left on
  opening = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: LONG_PX } } });
  } catch {
    button.hidden = true; // none, or a person said no: the other button is there
    document.querySelector("label[for=camera]").click();
    return;
  } finally {
    opening = false;
  }
  take.disabled = true;
  video.srcObject = stream;
  dialog.showModal();
  photoPx = 0;
  longSide().then((px) => (photoPx = px)); // some phones take their time
  timer = setInterval(look, LOOK_MS);
  end = setTimeout(() => dialog.close(), OPEN_MS);
}

function stop() {
  clearInterval(timer);
  clearTimeout(end);
  forget();
  for (const track of stream?.getTracks() ?? []) track.stop();
  video.srcObject = stream = before = null;
}

// Of the photo that it takes; 0 if that is as large as the video.
async function longSide() {
  try {
    const { imageWidth, imageHeight } = await new ImageCapture(stream.getVideoTracks()[0]).getPhotoCapabilities();
    return Math.max(imageWidth.max, imageHeight.max);
  } catch {
    return 0;
  }
}

async function photo() {
  try {
    return await new ImageCapture(stream.getVideoTracks()[0]).takePhoto(); // all of its pixels
  } catch {
    const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  }
}

function look() {
  if (!video.videoWidth) return;
  const { width, height } = Object.assign(small, SMALL);
  const context = small.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height).data;
  const grey = Float32Array.from({ length: width * height }, (_, at) => (pixels[4 * at] + pixels[4 * at + 1] + pixels[4 * at + 2]) / 3);
  const moved = before ? mean(grey.map((level, at) => Math.abs(level - before[at]))) : 0;
  before = grey;
  lookAtBoard(video, photoPx || Math.max(video.videoWidth, video.videoHeight));
  // The newest of all is what the page sees by itself.
  advise(mean(grey) < DARK_LEVEL ? "dark" : moved > MOVED_LEVELS ? "still" : advice() || "frame");
}

const mean = (levels) => levels.reduce((sum, level) => sum + level, 0) / levels.length;

function advise(name) {
  const place = document.getElementById("live-advice");
  if (place.dataset.name === name) return;
  place.dataset.name = name;
  place.textContent = word(name);
  say(word(name));
}
