// The criterion a major hazard is judged by: looked for as one types, among those in force on the day it was found. Without
// this script the basis is text alone. Whether the basis still names what was picked, the server has the last word.

import { signInLink } from "./alive.js";

const PAUSE = 250; // milliseconds without a key before the server is asked
const TURNING = ["pointerenter", "focusin"]; // to the search, which a page may carry for nobody's use

/** Put `text` into `input` as if it had been typed. */
export function put(input, text) {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A line to pick: `head` bold above `words`. */
export function line(head, words, pick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "result result-pick";
  if (head) {
    const strong = document.createElement("b");
    strong.textContent = head;
    button.append(strong, document.createElement("br"));
  }
  button.append(words);
  button.addEventListener("click", pick);
  return button;
}

async function ask(address, signal) {
  const reply = await fetch(address, { headers: { Accept: "application/json" }, signal });
  let answer;
  try {
    answer = await reply.json();
  } catch {
    answer = { error: "暂时查不到，请稍后再试，或直接填写判定依据" };
  }
  return [reply.status, answer];
}

function start(box) {
  const key = box.querySelector("[data-criterion-key]");
  const form = box.closest("form");
  const beside = (name) => form.elements[key.name.replace(/criterion$/, name)];
  const search = box.querySelector("input[type=search]");
  const sector = box.querySelector("[data-criterion-sector]");
  const list = box.querySelector(".results");
  const basis = beside("basis");
  let later = 0;
  let asking = null;
  let picked = null;

  function day() {
    return box.dataset.on || form.elements[box.dataset.dayIn]?.value || "";
  }

  function address() {
    const chosen = form.querySelector("[data-chosen]");
    const first = sector.value || (chosen ? chosen.dataset.sector : box.dataset.first);
    const query = new URLSearchParams({ q: search.value.trim(), on: day(), sector: sector.value });
    if (first) query.set("first", first);
    return `${box.dataset.criterion}?${query}`;
  }

  function take(one) {
    picked = one;
    key.value = one.id;
    put(basis, one.basis);
    key.dispatchEvent(new Event("change", { bubbles: true }));
    list.replaceChildren();
    if (one.keeps.length < 2) basis.focus(); // a standard as a whole: the article is still to be written
    drawBox(box);
  }

  function show(items, more) {
    list.replaceChildren(...items.map((one) => line(one.heading, one.words, () => take(one))));
    if (!items.length) list.append("没有找到排查当日有效的条目；请换个词，或在下面直接填写所依据的标准和条款。");
    if (more) list.append("只列出前几条，请再加一个词。");
  }

  /** Fill the menu of sectors, once, when somebody turns to it: those that have standards of their own. Without it all are searched. */
  async function offerSectors() {
    for (const sign of TURNING) box.removeEventListener(sign, offerSectors);
    try {
      const [, answer] = await ask(box.dataset.criterion);
      sector.append(...(answer.sectors || []).map((one) => new Option(one.name, one.code)));
    } catch {
      for (const sign of TURNING) box.addEventListener(sign, offerSectors);
    }
  }

  async function look() {
    asking?.abort();
    if (!search.value.trim() && !sector.value) return list.replaceChildren();
    asking = new AbortController();
    try {
      const [status, answer] = await ask(address(), asking.signal);
      if (status === 200) show(answer.items, answer.more);
      else list.replaceChildren(answer.error, ...(status === 401 ? [signInLink(box.dataset.signIn)] : []));
    } catch (trouble) {
      if (trouble.name === "AbortError") return; // another key was pressed meanwhile
      list.replaceChildren("网络不通，暂时查不到；请稍后再试，或直接填写判定依据。");
    }
  }

  search.addEventListener("input", (event) => {
    event.stopPropagation(); // what is searched for is no content of the form
    clearTimeout(later);
    later = setTimeout(look, PAUSE);
  });
  sector.addEventListener("change", (event) => {
    event.stopPropagation();
    look();
  });
  for (const sign of TURNING) box.addEventListener(sign, offerSectors);
  basis.addEventListener("input", () => {
    if (picked && !picked.keeps.every((text) => basis.value.includes(text))) {
      key.value = "";
      picked = null;
    }
    drawBox(box);
  });
  form.addEventListener("change", () => drawBox(box));
  drawBox(box);
}

/** Offer the search where the level asks for it, and say whether something is chosen. */
function drawBox(box) {
  const key = box.querySelector("[data-criterion-key]");
  const level = box.closest("form").elements[key.name.replace(/criterion$/, "level")];
  box.querySelector("[data-criterion-search]").hidden = level.value !== box.dataset.forLevel;
  box.querySelector("[data-criterion-said]").textContent = key.value
    ? "已引用所选的判定标准；改写标准和条款后不再引用，只保留文字。"
    : "";
}

/** Start every box under `root` that has not been started; draw those that have been. */
export function startWithin(root) {
  for (const box of root.querySelectorAll("[data-criterion]")) {
    if (box.dataset.started) drawBox(box);
    else start(box);
    box.dataset.started = "1";
  }
}

startWithin(document);
