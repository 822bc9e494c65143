// What a person did at the desk or on /capture and the server has not confirmed: kept in
// this browser, also when the page is closed, and sent until it has arrived. Networks
// answer in a server's place, so only an answer that says the act's own name counts. An
// act that is sent again is done once.

const ACT = "Boardcast-Act";
const ANSWER_WITHIN_MS = 20000; // a phone at the edge of a network takes so long
const FIRST_PAUSE_MS = 2000; // a restart of the server takes some seconds
const LONGEST_PAUSE_MS = 60000;
const words = {
  unreached: "The server could not be reached.",
  late: "No answer came in time.",
  stranger: "Something else answered in the server's place, perhaps this network's sign-in page: open another page to see.",
  signedOut: (why) => `${why} Do so in another tab and come back: it is sent then.`,
};
const { outbox: place, author } = document.querySelector("[data-outbox]").dataset;
const prefix = `boardcast:${place}:`;
const kept = new Map();
let sending = null;
let timer = null;
let pause = FIRST_PAUSE_MS;

const keyOf = (entry) => `${prefix}${entry.card}:${entry.act}`;

function load() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue;
      const entry = JSON.parse(localStorage.getItem(key));
      kept.set(entry.act, entry);
    }
  } catch {
    // This browser keeps nothing: what is typed lasts as long as this page.
  }
}

function keep(entry) {
  kept.set(entry.act, { author, at: Date.now(), ...entry });
  try {
    localStorage.setItem(keyOf(entry), JSON.stringify(kept.get(entry.act)));
  } catch {
    // As above.
  }
  outbox.onchange();
}

function drop(entry) {
  kept.delete(entry.act);
  try {
    localStorage.removeItem(keyOf(entry));
  } catch {
    // As above.
  }
  outbox.onchange();
}

// In the order in which they were done.
function entries(state, card) {
  const all = [...kept.values()].sort((one, other) => one.at - other.at);
  return all.filter((entry) => (!state || entry.state === state) && (!card || entry.card === card));
}

function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function send(whose = author) {
  sending ??= drain(whose).finally(() => (sending = null));
  return sending;
}

// Also what somebody else left in this browser: a person asks for it.
function sendAll() {
  pause = FIRST_PAUSE_MS;
  return send(null);
}

async function drain(whose) {
  clearTimeout(timer);
  for (;;) {
    const next = entries("waiting").find((entry) => whose === null || entry.author === whose);
    if (!next) break;
    const answer = await post(next);
    if (!kept.has(next.act)) continue; // dropped meanwhile
    outbox.why = answer.kind === "lost" ? answer.why : "";
    outbox.onanswer(next, answer);
    if (answer.kind !== "lost") continue;
    timer = setTimeout(send, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    outbox.onchange();
    return false;
  }
  pause = FIRST_PAUSE_MS;
  outbox.why = "";
  outbox.onchange();
  return true;
}

// What became of an act: taken, refused or a choice, each with the server's page; or
// lost, if the server was not reached or could not say.
async function post({ act, url, fields }, again = true) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), ANSWER_WITHIN_MS);
  let response, text;
  try {
    const token = document.querySelector("[name=csrf_token]").value;
    const body = new URLSearchParams([...fields, ["csrf_token", token]]);
    response = await fetch(url, { method: "POST", body, headers: { [ACT]: act }, cache: "no-store", signal: stop.signal });
    text = await response.text();
  } catch {
    return { kind: "lost", why: stop.signal.aborted ? words.late : words.unreached };
  } finally {
    clearTimeout(late);
  }
  if (response.headers.get(ACT) !== act) return { kind: "lost", why: words.stranger };
  const page = new DOMParser().parseFromString(text, "text/html");
  if (response.ok) return { kind: "taken", page: text ? page : await fresh() };
  if (page.querySelector("[data-collided]")) return { kind: "choice", page };
  const why = [...page.querySelectorAll("h1, .notice-hint")].map((node) => node.textContent).join(" ");
  const { status } = response;
  if (status === 403 && again && (await fresh())) return post({ act, url, fields }, false);
  if (status === 401) return { kind: "lost", why: words.signedOut(why) };
  return { kind: passes(status) ? "lost" : "refused", why };
}

// Whether what is refused so is sent again: else it is a person's to change.
export const passes = (status) => [403, 408, 409, 429].includes(status) || status >= 500;

// The page as it stands, if this is the page; what it signs forms with is taken over.
async function fresh() {
  try {
    const response = await fetch(location.pathname, { cache: "no-store", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const own = page.querySelector("[data-outbox]");
    if (!response.ok || own?.dataset.outbox !== place || own.dataset.author !== author) return null;
    const token = page.querySelector("[name=csrf_token]").value;
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
    return page;
  } catch {
    return null;
  }
}

export const outbox = {
  author,
  words,
  why: "",
  onchange() {},
  onanswer() {},
  ongone() {},
  keep,
  drop,
  entries,
  send,
  sendAll,
  post,
  fresh,
  newName,
};

load();

// What waits in another tab is sent by whichever tab is left.
window.addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (!key?.startsWith(prefix)) return;
  const entry = JSON.parse(newValue ?? oldValue);
  if (entry.state === "typed") return;
  if (newValue) kept.set(entry.act, entry);
  else if (kept.delete(entry.act)) outbox.ongone(entry);
  outbox.onchange();
});
for (const event of ["online", "focus", "visibilitychange", "desk:reached"]) {
  window.addEventListener(event, async () => {
    if (document.hidden || !entries("waiting").length) return;
    pause = FIRST_PAUSE_MS;
    await sending; // it began before
    send();
  });
}
