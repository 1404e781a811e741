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

// A receipt opens in place: its passage in the text's own words, beneath the mark. The mark stays a link to that place.
const PLACE = /^\/articles\/(\d+)\/\?p=(\d+\.\d+-\d+)#p$/;
const HOVER = 150;
const LEAVE = 300;
const passages = new Map();
let peek = null;
let pointer = "";
let waiting = 0;
let isReturning = false;

const markOf = (target) => target.closest?.("a.receipt");

async function passage(mark) {
  const place = PLACE.exec(mark.getAttribute("href"));
  if (!place || !HTMLElement.prototype.showPopover) return null;
  const address = `/passages/${place[1]}/${place[2]}/`;
  if (!passages.has(address)) {
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return null;
    passages.set(address, await answer.text());
  }
  return passages.get(address);
}

async function unfold(mark) {
  clearTimeout(waiting);
  if (peek?.mark === mark) return;
  fold();
  const mine = (peek = { mark, box: null });
  const markup = await passage(mark);
  if (peek !== mine) return;
  if (!markup) return void (peek = null);
  const box = document.createElement("div");
  box.className = "peek ui";
  box.popover = "manual";
  box.lang = document.documentElement.lang;
  box.dir = document.documentElement.dir;
  box.setAttribute("role", "note");
  // The passage was escaped where it comes from.
  box.innerHTML = markup;
  mark.after(box);
  mark.removeAttribute("title");
  mark.setAttribute("aria-expanded", "true");
  box.showPopover();
  const at = mark.getBoundingClientRect();
  const most = document.documentElement.clientWidth - box.offsetWidth - 16;
  const left = box.dir === "rtl" ? at.right - box.offsetWidth : at.left;
  box.style.left = `${Math.max(16, Math.min(most, left)) + scrollX}px`;
  const isBelow = at.bottom + box.offsetHeight + 8 < innerHeight || at.top < box.offsetHeight + 16;
  box.style.top = `${(isBelow ? at.bottom + 6 : at.top - box.offsetHeight - 6) + scrollY}px`;
  peek.box = box;
}

function fold() {
  clearTimeout(waiting);
  const { mark, box } = peek ?? {};
  peek = null;
  mark?.removeAttribute("aria-expanded");
  isReturning = true;
  if (box?.contains(document.activeElement)) mark.focus();
  isReturning = false;
  box?.remove();
}

document.addEventListener("pointerdown", (event) => {
  pointer = event.pointerType;
  if (peek && markOf(event.target) !== peek.mark && !peek.box?.contains(event.target)) fold();
});
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const mark = markOf(event.target);
  if (!mark && !peek) return void clearTimeout(waiting);
  clearTimeout(waiting);
  if (mark) waiting = setTimeout(() => unfold(mark), HOVER);
  else if (!peek.box?.contains(event.target) && !peek.box?.contains(document.activeElement)) waiting = setTimeout(fold, LEAVE);
});
document.addEventListener("focusin", (event) => {
  const mark = markOf(event.target);
  if (mark?.matches(":focus-visible") && !isReturning && peek?.mark !== mark) unfold(mark);
  else if (peek && mark !== peek.mark && !peek.box?.contains(event.target)) fold();
});
document.addEventListener("click", (event) => {
  const mark = markOf(event.target);
  const isTap = (event.pointerType || pointer) === "touch" && event.detail > 0;
  if (!mark || !isTap || !HTMLElement.prototype.showPopover) return;
  event.preventDefault();
  if (peek?.mark === mark && peek.box) fold();
  else unfold(mark);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && peek) fold();
});
