// An article's panel: its features open in place, a model's sentences come one by one, and marks lead to their passage.
// Every feature is a page of its own and works without this file.
"use strict";


const placeOf = (panel) => panel.querySelector("[data-told]");
const controls = (panel) => [...panel.querySelectorAll(".features :is(a, button)")];

function shut(panel) {
  placeOf(panel).replaceChildren();
  controls(panel).forEach((each) => {
    each.removeAttribute("aria-current");
    if (each.hasAttribute("aria-expanded")) each.setAttribute("aria-expanded", "false");
  });
}

// A second press closes what the first has opened.
async function openFeature(panel, link) {
  const wasOpen = link.getAttribute("aria-expanded") === "true";
  shut(panel);
  if (wasOpen) return;
  link.setAttribute("aria-expanded", "true");
  await fill(panel, link.href, link);
}

async function fill(panel, href, link) {
  const address = new URL(href);
  address.searchParams.set("part", "");
  const place = placeOf(panel);
  const answer = await fetch(address).catch(() => null);
  if (link && link.getAttribute("aria-expanded") !== "true") return;
  if (!answer?.ok && answer?.status !== 503) {
    const said = document.createElement("p");
    said.className = "meta";
    said.textContent = place.dataset.failed;
    link?.removeAttribute("data-feature");
    return void place.replaceChildren(said);
  }
  // Everything in a piece was escaped where it comes from.
  place.innerHTML = await answer.text();
  place.querySelector("input[type=search]")?.focus();
  place.scrollIntoView({ block: "nearest" });
}

document.querySelectorAll("[data-panel] a[data-feature]").forEach((link) => link.setAttribute("aria-expanded", "false"));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-feature]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openFeature(link.closest("[data-panel]"), link);
});

document.addEventListener("keydown", (event) => {
  const panel = event.target.closest?.("[data-panel]");
  if (event.key !== "Escape" || !panel || event.defaultPrevented) return;
  const opened = controls(panel).find((each) => each.getAttribute("aria-expanded") === "true");
  if (!opened) return;
  shut(panel);
  opened.focus();
});

// A question is asked and answered in place.
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-ask]");
  const panel = form?.closest("[data-panel]");
  if (!panel) return;
  event.preventDefault();
  const address = new URL(form.getAttribute("action"), location.href);
  address.searchParams.set("q", form.elements.q.value);
  fill(panel, address.href);
});

// The text as it is read, and where each of its characters stands on the page: white space once, blocks on lines of their own.
const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, blockquote, td, th, pre, div";
const BESIDE = ".away, .receipt, .peek, .on-paper, figure";

function textOf(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const spots = [];
  let text = "";
  let block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(BESIDE)) continue;
    const inside = node.parentElement.closest(BLOCKS);
    if (block && inside !== block && text) { text = `${text.slice(0, text.endsWith(" ") ? -1 : undefined)}\n`; spots.length = text.length; spots[text.length - 1] = [node, 0]; }
    block = inside;
    for (let at = 0; at < node.data.length; at += 1) {
      const letter = /\s/.test(node.data[at]) ? " " : node.data[at];
      if (letter === " " && (!text || /\s$/.test(text))) continue;
      text += letter;
      spots.push([node, at]);
    }
  }
  return { text, spots };
}

function rangeOf(spots, start, end) {
  const range = document.createRange();
  range.setStart(...spots[start]);
  const [node, at] = spots[end - 1];
  range.setEnd(node, at + 1);
  return range;
}

function show(range) {
  const box = range.getBoundingClientRect();
  if (box.top > 80 && box.bottom < innerHeight - 120) return;
  scrollTo({ top: scrollY + box.top - innerHeight / 3 });
}

// A mark or key point whose passage stands on this page leads there without loading the page again.
function marks(spots, start, end) {
  const nodes = new Map();
  for (const [node, at] of spots.slice(start, end)) {
    const span = nodes.get(node);
    nodes.set(node, span ? [span[0], at + 1] : [at, at + 1]);
  }
  return [...nodes].map(([node, [from, to]]) => {
    const part = document.createRange();
    part.setStart(node, from);
    part.setEnd(node, to);
    const mark = document.createElement("mark");
    part.surroundContents(mark);
    return mark;
  });
}

function mark(wanted) {
  const body = document.querySelector(".article .body");
  body.querySelectorAll("mark").forEach((each) => each.replaceWith(...each.childNodes));
  body.normalize();
  const { text, spots } = textOf(body);
  const plain = wanted.replace(/\s+/g, " ").trim();
  const start = text.replaceAll("\n", " ").indexOf(plain);
  if (start < 0 || !plain) return false;
  const made = marks(spots, start, start + plain.length);
  made[0].id = "p";
  made[0].tabIndex = -1;
  const whole = document.createRange();
  whole.setStartBefore(made[0]);
  whole.setEndAfter(made.at(-1));
  show(whole);
  made[0].focus({ preventScroll: true });
  return true;
}

async function passageOf(link) {
  const own = link.closest(".points:not(.told) li") ?? link.closest(".peek")?.querySelector("mark");
  if (own) return own.textContent;
  const [, key, place] = /\/articles\/(\d+)\/\?p=([\d.-]+)/.exec(link.href);
  const answer = await fetch(`/passages/${key}/${place}/`).catch(() => null);
  const piece = document.createElement("template");
  piece.innerHTML = answer?.ok ? await answer.text() : "";
  return piece.content.querySelector("mark")?.textContent ?? "";
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href*='?p=']");
  const body = document.querySelector(".article .body");
  if (!link || !body || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isHere = link.pathname === location.pathname && link.search.startsWith(`?p=${body.dataset.version}.`);
  if (!isHere) return;
  event.preventDefault();
  if (mark(await passageOf(link))) history.replaceState(null, "", link.href);
  else location.assign(link.href);
});

// Reading aloud by the browser's own voices: only those that speak on this machine, so that no text leaves it.
const player = document.querySelector("[data-player]");
const listen = document.querySelector("[data-listen]");
const primary = (tag) => (tag || document.documentElement.lang).toLowerCase().split("-")[0];
const spokenIn = (element) => primary(element.closest("[lang]")?.lang);
const voiceFor = (language) => speechSynthesis.getVoices().find((voice) => voice.localService && primary(voice.lang.replace("_", "-")) === language);
let sentences = [];
let now = 0;
let turn = 0;

function sentencesOf(root) {
  const { text, spots } = textOf(root);
  const language = spokenIn(root);
  const pieces = Intl.Segmenter
    ? [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(text)].map((each) => [each.index, each.segment])
    : [...text.matchAll(/[^\n]+/g)].map((each) => [each.index, each[0]]);
  return pieces.filter(([, said]) => said.trim()).map(([at, said]) => ({ said: said.trim(), language, range: rangeOf(spots, at, at + said.trimEnd().length) }));
}

function light(range) {
  document.querySelectorAll(".is-spoken").forEach((each) => each.classList.remove("is-spoken"));
  if (globalThis.CSS?.highlights) CSS.highlights.set("spoken", new Highlight(...(range ? [range] : [])));
  else range?.startContainer.parentElement.closest(BLOCKS)?.classList.add("is-spoken");
}

function speak() {
  const mine = (turn += 1);
  speechSynthesis.cancel();
  const one = sentences[now];
  if (!one) return void stop();
  const said = new SpeechSynthesisUtterance(one.said);
  said.voice = voiceFor(one.language);
  said.lang = said.voice.lang;
  said.rate = Number(player.querySelector("select").value);
  said.onend = () => { if (mine === turn) { now += 1; speak(); } };
  said.onerror = () => { if (mine === turn) stop(); };
  light(one.range);
  show(one.range);
  speechSynthesis.speak(said);
}

function hold(isHeld) {
  const [pause, resume] = ["pause", "resume"].map((name) => player.querySelector(`[data-${name}]`));
  pause.hidden = isHeld;
  resume.hidden = !isHeld;
  (isHeld ? resume : pause).focus();
}

// Browsers pause unevenly; a sentence begun anew is what all of them can do.
function pause() {
  turn += 1;
  speechSynthesis.cancel();
  hold(true);
}

function resume() {
  hold(false);
  speak();
}

function stop() {
  turn += 1;
  speechSynthesis.cancel();
  light(null);
  if (player.hidden) return;
  const hadFocus = player.contains(document.activeElement);
  player.hidden = true;
  listen.removeAttribute("aria-current");
  if (hadFocus) listen.focus({ preventScroll: true });
}

function start() {
  if (!player.hidden) return void stop();
  const roots = [...document.querySelectorAll(listen.dataset.listen)].filter((each) => voiceFor(spokenIn(each)));
  sentences = roots.flatMap(sentencesOf);
  now = 0;
  player.hidden = false;
  listen.setAttribute("aria-current", "true");
  resume();
}

function offer() {
  const roots = [...document.querySelectorAll(listen.dataset.listen)];
  if (!roots.some((each) => voiceFor(spokenIn(each)))) return;
  listen.closest("[hidden]")?.removeAttribute("hidden");
}

if (listen && player && "speechSynthesis" in globalThis) {
  offer();
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  listen.addEventListener("click", start);
  player.querySelector("[data-pause]").addEventListener("click", pause);
  player.querySelector("[data-resume]").addEventListener("click", resume);
  player.querySelector("[data-stop]").addEventListener("click", stop);
  player.querySelector("select").addEventListener("change", () => { if (player.querySelector("[data-resume]").hidden) speak(); });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

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
    if (done) {
      if (!list.childElementCount) place.replaceChildren(form.dataset.nothing ?? "");
      return true;
    }
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
  const panel = form.hasAttribute("data-here") ? null : form.closest("[data-panel]");
  const place = panel ? placeOf(panel) : form.nextElementSibling;
  if (panel && button.getAttribute("aria-current")) return void shut(panel);
  if (panel) shut(panel);
  const buttons = [...form.querySelectorAll("button:not([data-listen])")];
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
