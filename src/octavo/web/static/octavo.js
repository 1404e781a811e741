// What makes reading quicker: keys, and sound or film that loads on a click. Every page works without this file.
"use strict";

const HERE = "is-here";
const rows = () => [...document.querySelectorAll("[data-row]")];
const here = () => document.querySelector(`.${HERE}`);

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.indexOf(here());
  const next = all[Math.min(all.length - 1, Math.max(0, now + by))];
  all[now]?.classList.remove(HERE);
  next.classList.add(HERE);
  next.querySelector("a[data-title]")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// Presses the control of a key: the one in the current row, or the page's own.
function press(key) {
  const place = here() ?? document.querySelector("[data-article]") ?? document;
  place.querySelector(`[data-key="${key}"]`)?.click();
}

function open() {
  const link = here()?.querySelector("a[data-title]") ?? document.querySelector("[data-original]");
  if (link) link.click();
}

function find() {
  document.querySelector("main input[type=search]")?.select?.();
  (document.querySelector("main input[type=search]") ?? document.querySelector("input[type=search]"))?.focus();
}

const help = () => document.getElementById("keys")?.showModal?.();
const KEYS = { j: () => step(1), k: () => step(-1), o: open, s: () => press("s"), m: () => press("m"), "/": find, "?": help };

document.addEventListener("keydown", (event) => {
  // A dialog just closed still holds the focus until the next frame: only an open one swallows keys.
  const isWriting = event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

// Sound and film come from their publisher, and only now that the reader asks.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-play]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const player = document.createElement(link.dataset.play);
  player.controls = player.autoplay = true;
  player.src = link.href;
  player.addEventListener("error", () => player.replaceWith(link), { once: true });
  link.replaceWith(player);
  player.focus();
});

// A share link uses the device's own sheet, or copies the address.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-share]");
  if (!link) return;
  event.preventDefault();
  try {
    if (navigator.share) await navigator.share({ title: document.title, url: link.href });
    else {
      await navigator.clipboard.writeText(link.href);
      link.textContent = link.dataset.share;
    }
  } catch { /* The reader closed the sheet, or copying is not allowed: the link stays a link. */ }
});

document.querySelectorAll("[data-help]").forEach((control) => {
  control.hidden = false;
  control.addEventListener("click", help);
});

// A choice in the masthead takes effect at once.
document.querySelectorAll("form[data-at-once] select").forEach((select) => {
  select.addEventListener("change", () => select.form.requestSubmit());
});

// Saving and marking happen in place; without this file the same forms lead back to the page.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-quick]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  const body = new FormData(form, button);
  const headers = { "X-Requested-With": "fetch" };
  // Not form.action: its buttons are named action, and such a name hides the form's own.
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers }).catch(() => null);
  if (answer?.status !== 204) {
    // Signed out, or offline: the form goes the plain way, with its button's value.
    form.removeAttribute("data-quick");
    return void form.requestSubmit(button);
  }
  const [value, label] = button.dataset.other.split("|");
  button.dataset.other = `${button.value}|${button.textContent}`;
  if (button.dataset.key === "m") form.closest("[data-row]")?.classList.toggle("is-read", button.value === "read");
  button.value = value;
  button.textContent = label;
});

// A model's sentences stand on the page one by one, each checked and escaped where they come from.
async function tell(form, button, place) {
  const body = new FormData(form, button);
  const headers = { "X-Requested-With": "fetch" };
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok || answer.redirected || !answer.body) return false;
  const list = place.appendChild(document.createElement("ol"));
  list.className = "points told";
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (;;) {
    // Where the connection breaks, what has come stays.
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) return true;
    const lines = (kept + value).split("\n");
    kept = lines.pop();
    list.insertAdjacentHTML("beforeend", lines.join(""));
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-tell]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  const place = form.parentElement.querySelector("[data-told]");
  const buttons = [...form.querySelectorAll("button")];
  const waiting = document.createElement("p");
  waiting.className = "meta";
  waiting.textContent = form.dataset.waiting;
  place.replaceChildren(waiting);
  const asked = tell(form, button, place);
  buttons.forEach((each) => { each.disabled = true; });
  const isTold = await asked;
  buttons.forEach((each) => { each.disabled = false; each.removeAttribute("aria-current"); });
  waiting.remove();
  button.setAttribute("aria-current", "true");
  if (isTold) return;
  form.removeAttribute("data-tell");
  form.requestSubmit(button);
});
