// Conflicts and changes by keyboard: each button has a key, which works anywhere in
// its frame. desk-saving.js sends the forms; this keeps the focus.
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

  document.addEventListener("desk:deciding", ({ target }) => {
    const section = target.closest("#attention section");
    if (!section) return;
    const items = [...section.querySelectorAll("[data-keys]")];
    last = {
      heading: section.querySelector("h2").id,
      at: Math.max(0, items.indexOf(document.activeElement?.closest("[data-keys]"))),
    };
  });

  document.addEventListener("desk:shown", () => {
    if (!last || document.activeElement !== document.body) return;
    const { heading, at } = last;
    last = null;
    const title = document.getElementById(heading);
    const items = [...(title?.closest("section").querySelectorAll("li[data-keys]") ?? [])];
    const ways = items.slice(at).flatMap((item) => [...item.querySelectorAll("button.way")]);
    const next = ways.find((way) => way.checkVisibility()) ?? title;
    (next ?? document.getElementById("queue")).focus({ preventScroll: false });
  });
})();
