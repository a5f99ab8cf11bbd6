// The page around the cards: which there are, one more, and the bar that says what is missing.

import { startWithin } from "../upload.js";
import { draw, fold, isLive, missingIn, start } from "./card.js";
import { rules } from "./rules.js";
import { missingInVisit } from "./visit.js";

export const form = document.querySelector("[data-register]");
export const total = form.elements["hazards-TOTAL_FORMS"];
const cards = form.querySelector("[data-cards]");
const bar = document.querySelector("[data-missing-all]");
// What the server said about a refused page stays in the bar until the page is changed.
let refusal = bar.textContent;

function all() {
  return Array.from(cards.querySelectorAll("[data-card]"));
}

function live() {
  return all().filter(isLive);
}

/** Fold every card that is complete, but not `open`. */
export function foldComplete(open) {
  for (const card of live()) if (card !== open && !missingIn(card).length) fold(card, true);
}

export function lastCard() {
  return live().pop();
}

export function addCard() {
  const box = document.createElement("div");
  const number = total.value;
  box.innerHTML = document.getElementById("blank-card").innerHTML.replace(/__prefix__/g, number);
  const card = box.firstElementChild;
  cards.append(card);
  total.value = String(Number(number) + 1);
  start(card);
  startWithin(card);
  return card;
}

function wanting(none) {
  const lines = missingInVisit();
  if (none) return lines;
  live().forEach((card, place) => {
    const misses = missingIn(card);
    if (misses.length) lines.push(`隐患 ${place + 1} ${misses.join("、")}`);
  });
  if (live().length < rules.min_hazards) lines.push(rules.too_few);
  return lines;
}

/** Draw everything as it stands now. */
export function refresh() {
  const none = form.elements.nothing_found.checked;
  cards.hidden = none;
  form.querySelector("[data-add]").hidden = none || live().length >= rules.max_hazards;
  all().forEach(draw);
  live().forEach((card, place) => {
    card.querySelector("[data-number]").textContent = String(place + 1);
  });
  const lines = wanting(none);
  const more = lines.length > 1 ? ` 等 ${lines.length} 处` : "";
  const said = refusal || (lines.length ? `还差：${lines[0]}${more}` : "");
  if (bar.textContent !== said) bar.textContent = said;
  document.querySelector("[data-total]").textContent = none ? "未发现隐患" : `共 ${live().length} 条`;
}

/** The page is no longer the one that was refused. */
export function dropRefusal() {
  refusal = "";
}

export function startCards() {
  all().forEach(start);
}
