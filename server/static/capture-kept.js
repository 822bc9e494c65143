// Photos that are not sent yet: their bytes and when they were taken, kept in this
// browser also when the page is closed or loaded anew. Where a browser keeps nothing
// (private windows, a full disk) they last as long as the page, and it says so.

const DATABASE = `boardcast-capture:${document.getElementById("capture").dataset.parts}`;
const STORE = "photos";
const inMemory = new Map();
let opened = null;

function open() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "name" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function ask(mode, what) {
  const transaction = (await open()).transaction(STORE, mode);
  const request = what(transaction.objectStore(STORE));
  await new Promise((done, failed) => {
    transaction.oncomplete = done;
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
  return request.result;
}

// All of them, in the order in which they were taken.
async function all() {
  let stored = [];
  try {
    stored = await ask("readonly", (photos) => photos.getAll());
  } catch {
    // This browser keeps nothing.
  }
  return [...stored, ...inMemory.values()].sort((one, other) => one.at - other.at);
}

// Says whether it outlasts the page.
async function put(photo) {
  try {
    await ask("readwrite", (photos) => photos.put(photo));
    inMemory.delete(photo.name);
    return true;
  } catch {
    inMemory.set(photo.name, photo);
    return false;
  }
}

async function drop(name) {
  inMemory.delete(name);
  try {
    await ask("readwrite", (photos) => photos.delete(name));
  } catch {
    // As above.
  }
}

async function get(name) {
  return (await all()).find((photo) => photo.name === name);
}

// What would be lost with the page.
const fleeting = () => [...inMemory.values()].some((photo) => photo.bytes);

export const kept = { all, get, put, drop, fleeting };
