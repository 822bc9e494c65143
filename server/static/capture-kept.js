// Photos that are not sent yet: what is known of each, its bytes and when it was taken,
// kept in this browser also when the page is closed or loaded anew. Where a browser
// keeps nothing (private windows, a full disk) they last as long as the page.

const DATABASE = `boardcast-capture:${document.getElementById("capture").dataset.parts}`;
const STORES = ["photos", "bytes"]; // apart: twenty photos at once are too much for a phone
const fleeting = new Map();
let opened = null;

function open() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function ask(mode, what) {
  try {
    const transaction = (await open()).transaction(STORES, mode);
    const request = what(...STORES.map((name) => transaction.objectStore(name)));
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
    return request.result;
  } catch (error) {
    opened = null; // Safari loses it while a page is in the background
    throw error;
  }
}

// What a browser that keeps nothing answers.
const or = (nothing, asked) => asked.catch(() => nothing);

// Without their bytes, in the order in which they were taken.
async function all() {
  const stored = await or([], ask("readonly", (photos) => photos.getAll()));
  const others = [...fleeting.values()].map(({ photo }) => photo);
  return [...stored, ...others].sort((one, other) => one.at - other.at);
}

async function has(name) {
  return (await all()).some((photo) => photo.name === name);
}

// Undefined where there are none any more, null where that cannot be told just now.
async function bytes(name) {
  return fleeting.get(name)?.bytes ?? (await or(null, ask("readonly", (_, stored) => stored.get(name))));
}

// Says whether it outlasts the page. Without bytes it is only known that it was there.
async function put(photo, data) {
  try {
    await ask("readwrite", (photos, stored) => {
      if (data) stored.put(data, photo.name);
      else stored.delete(photo.name);
      return photos.put(photo, photo.name);
    });
    fleeting.delete(photo.name);
    return true;
  } catch {
    fleeting.set(photo.name, { photo, bytes: data });
    return false;
  }
}

async function drop(name) {
  fleeting.delete(name);
  await or(null, ask("readwrite", (photos, stored) => stored.delete(name) && photos.delete(name)));
}

// Whether anything would be lost with the page.
const loses = () => [...fleeting.values()].some((entry) => entry.bytes);

export const kept = { all, has, bytes, put, drop, loses };
