// Sends what a person changed on a card, and says what became of it.
"use strict";

function say(card, text, failed) {
  card.classList.toggle("desk-failed", failed);
  card.querySelector(".desk-state").textContent = text;
}

document.addEventListener("htmx:before:request", (event) => {
  const card = cardOf(event.target);
  if (!card) return;
  card.dataset.saving = "yes";
  say(card, "Saving…", false);
  card.dispatchEvent(new CustomEvent("desk:saving", { bubbles: true }));
});

document.addEventListener("htmx:finally:request", (event) => {
  const card = cardOf(event.target);
  if (card) delete card.dataset.saving;
});

async function failed(event) {
  const card = cardOf(event.target);
  if (!card?.isConnected) return;
  const { status, raw } = event.detail?.ctx?.response ?? {};
  const text = event.detail?.ctx?.text ?? (await raw?.text?.().catch(() => "")) ?? "";
  const page = new DOMParser().parseFromString(text, "text/html");
  const told = [page.querySelector("h1"), page.querySelector(".notice-hint")];
  const why = status && told[0] ? told.map((node) => node?.textContent ?? "").join(" ") : "The server could not be reached. Press Enter to try again.";
  say(card, `Not saved. ${why}`, true);
}
document.addEventListener("htmx:response:error", failed);
document.addEventListener("htmx:error", failed);

window.addEventListener("beforeunload", (event) => {
  const cards = [...document.querySelectorAll("[data-card]")];
  if (cards.some((card) => isDirty(card) && !card.dataset.submitted)) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const card = cardOf(event.target);
  if (card && !window.htmx) card.dataset.submitted = "yes";
});
