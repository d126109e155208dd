"use strict";
// Keys for what the page's own links and buttons do. Without this script everything works with the mouse.
(() => {
  const help = document.getElementById("help");
  const verdict = document.getElementById("verdict");

  // A key that an input method is using, or that is being typed into a field, is not for us. Some browsers say of the key
  // that ends a composition only that it was an input method's; outside of fields that is said of any key.
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const typing = (event) =>
    event.isComposing ||
    event.target.isContentEditable ||
    event.target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");

  // ---- a verdict waits for what it lacks: a name, or a reason

  let waiting = null;
  const { who, reason } = verdict?.elements ?? {};

  const lacks = (button) => [who, "reason" in button.dataset && reason].find((field) => field && !field.value.trim());

  const drop = () => {
    waiting?.classList.remove("waiting");
    waiting = null;
  };

  const wait = (button, field) => {
    drop();
    waiting = button;
    button.classList.add("waiting");
    field.focus();
  };

  verdict?.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=to]");
    if (!button) return;
    const field = lacks(button);
    reason.required = "reason" in button.dataset;
    // The second click of a double click is no verdict, neither here nor on the page that has come up meanwhile.
    if (field || event.detail > 1) event.preventDefault();
    if (field) wait(button, field);
  });

  // Enter in what a verdict waits for gives it; with Shift, or while an input method composes, it is a line or a word.
  verdict?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || composing(event) || event.shiftKey) return;
    const answers = waiting && [who, reason].includes(event.target);
    if (!event.target.matches("input, textarea") || (!answers && event.target.matches("textarea"))) return;
    event.preventDefault();
    if (event.target.name === "assignee") verdict.querySelector("[formaction]").click();
    if (answers) (lacks(waiting) ?? waiting).focus();
    if (answers && !lacks(waiting)) waiting.click();
  });

  // A verdict is sent once, however often a key is pressed.
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // ---- keys, by their place on the keyboard

  const source = (link) => {
    const side = verdict?.elements.side?.value;
    const links = (link.dataset.sides ?? "").split(" ");
    return links[{ A: 0, B: 1 }[side] ?? 0] || link.href;
  };

  const act = (target, code) => {
    if (code === "KeyO") location.assign(source(target));
    else if (target.matches("textarea")) target.focus();
    else target.click();
  };

  const step = (rows, by) => {
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.getModifierState?.("AltGraph")) return;
    if (event.key === "Escape" && typing(event) && !composing(event)) {
      event.target.blur();
      drop();
      return;
    }
    if (typing(event) || help.open) return;
    // Without NumLock the number pad moves about.
    const code = /^\d$|^Process$/.test(event.key) ? event.code.replace("Numpad", "Digit") : event.code;
    const rows = [...document.querySelectorAll("a.row")];
    if (event.key === "?" || (code === "Slash" && event.shiftKey)) {
      event.preventDefault();
      help.showModal();
    } else if (event.shiftKey) {
      return;
    } else if (code === "Slash" && document.getElementById("q")) {
      event.preventDefault();
      document.getElementById("q").select();
    } else if (rows.length && (code === "KeyJ" || code === "KeyK")) {
      event.preventDefault();
      step(rows, code === "KeyJ" ? 1 : -1);
    } else {
      const target = document.querySelector(`[data-key="${CSS.escape(code)}"]`);
      if (!target || event.repeat) return;
      event.preventDefault();
      act(target, code);
    }
  });

  // ---- pointing

  document.querySelector("[data-sides]")?.addEventListener("click", (event) => {
    event.currentTarget.href = source(event.currentTarget);
  });
  const ask = document.getElementById("ask");
  ask.hidden = false;
  ask.addEventListener("click", () => help.showModal());

  if (location.hash === "#q") document.getElementById("q")?.select();
})();
