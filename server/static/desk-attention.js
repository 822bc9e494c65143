// Conflicts and changes by keyboard: each button has a key, which works anywhere in
// its frame. htmx sends the forms; this keeps the focus and says what went wrong.
"use strict";

(() => {
  const TYPING = "input, textarea, select";
  let last = null; // where something was done: the section, and the place in it

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches(TYPING)) return;
    const key = CSS.escape(event.key.toLowerCase());
    for (let frame = event.target.closest("[data-keys]"); frame; frame = frame.parentElement.closest("[data-keys]")) {
      const button = frame.querySelector(`[data-key="${key}"]`);
      if (!button?.checkVisibility()) continue;
      event.preventDefault();
      button.click();
      return;
    }
  });

  const say = (text) => {
    const state = document.getElementById("attention-state");
    if (state) state.textContent = text;
  };

  document.addEventListener("htmx:before:request", (event) => {
    const form = event.target.closest?.("[data-attention]");
    if (!form) return;
    const section = form.closest("section");
    const items = [...section.querySelectorAll("[data-keys]")];
    last = {
      heading: section.querySelector("h2").id,
      at: Math.max(0, items.indexOf(document.activeElement?.closest("[data-keys]"))),
    };
    say("Saving…");
  });

  // A portal's or a proxy's page is no answer, whatever its status.
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (!ctx?.sourceElement?.closest?.("[data-attention]") || ctx.text.includes('id="attention"')) return;
    event.preventDefault();
    last = null;
    say("Not saved. What answered is not Boardcast: sign in to the network, and try again.");
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!last) return;
    const { heading, at } = last;
    last = null;
    const title = document.getElementById(heading);
    const items = [...(title?.closest("section").querySelectorAll("li[data-keys]") ?? [])];
    const ways = items.slice(at).flatMap((item) => [...item.querySelectorAll("button.way")]);
    const next = ways.find((way) => way.checkVisibility()) ?? title;
    (next ?? document.getElementById("queue")).focus({ preventScroll: false });
    window.look?.();
  });

  async function failed(event) {
    if (!event.target.closest?.("[data-attention]")) return;
    last = null;
    const { status, raw } = event.detail?.ctx?.response ?? {};
    const text = event.detail?.ctx?.text ?? (await raw?.text?.().catch(() => "")) ?? "";
    const page = new DOMParser().parseFromString(text, "text/html");
    const told = [page.querySelector("h1"), page.querySelector(".notice-hint")];
    const why = status && told[0] ? told.map((node) => node?.textContent ?? "").join(" ") : "The server could not be reached. Try again.";
    say(`Not saved. ${why}`);
  }
  document.addEventListener("htmx:response:error", failed);
  document.addEventListener("htmx:error", failed);
})();
