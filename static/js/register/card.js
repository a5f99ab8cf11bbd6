// One card of the register page: what it misses, how it looks, its two buttons.

import { startWithin as drawCriteria } from "../criterion.js";
import { untilWords } from "../due.js";
import { startPicks } from "./picks.js";
import { applies, missing, rules, valueIn } from "./rules.js";

export function field(card, name) {
  return card.querySelector(`[name$='-${name}']`);
}

/** What stands in a field of the card; of a field of photos, how many it has. */
function reader(card) {
  return (name) => {
    const photos = card.querySelector(`[data-upload][data-name$='-${name}']`);
    return photos
      ? photos.querySelectorAll("[data-photo]").length
      : valueIn(card.querySelectorAll(`[name$='-${name}']`));
  };
}

/** Whether the rules ask for the field as the card stands now. */
function isNeeded(card, name) {
  return rules.hazard.some((need) => need.field === name && applies(need, reader(card)));
}

export function isLive(card) {
  return !field(card, "DELETE").checked;
}

export function missingIn(card) {
  return missing(rules.hazard, reader(card));
}

/** Show the fields that are asked for as the card stands now. A switch that is not may not stay on. */
function drawAsked(card, read) {
  for (const [name, asked] of Object.entries(rules.asked)) {
    const holds = applies(asked, read);
    const input = field(card, name);
    if (!holds && input.type === "checkbox") input.checked = false;
    card.querySelector(`[data-asked=${name}]`).hidden = !holds;
  }
}

export function fold(card, folded) {
  card.classList.toggle("folded", folded);
  card.classList.toggle("is-open", !folded);
  card.querySelector("[data-body]").hidden = folded;
  card.querySelector("[data-summary]").hidden = !folded;
  card.querySelector("[data-fold]").textContent = folded ? "展开" : "收起";
}

function drawLevel(card) {
  const badge = card.querySelector("[data-level]");
  const chosen = card.querySelector("[name$='-level']:checked");
  badge.hidden = !chosen;
  if (!chosen) return;
  const choice = chosen.closest("label");
  badge.textContent = choice.textContent.trim();
  badge.className = choice.classList.contains("choice-major") ? "badge level-major" : "badge";
}

export function draw(card) {
  const read = reader(card);
  drawAsked(card, read);
  const misses = missingIn(card);
  const badge = card.querySelector("[data-missing]");
  card.hidden = !isLive(card);
  card.querySelector("[data-after]").hidden = !isNeeded(card, "after");
  card.querySelector("[data-date]").hidden = !isNeeded(card, "due_date");
  card.querySelector("[data-until]").textContent = untilWords(rules.until, read("due"), read("in_working_days"));
  badge.textContent = `还差 ${misses.length} 项`;
  badge.hidden = !misses.length;
  drawLevel(card);
  drawCriteria(card);
  card.querySelector("[data-summary] span").textContent = field(card, "description").value || "（未填写描述）";
}

/** Give a card its buttons; removing it tells the form by a "change" of the box that marks it. */
export function start(card) {
  startPicks(card, (name) => field(card, name));
  const foldButton = card.querySelector("[data-fold]");
  const remove = card.querySelector("[data-remove]");
  foldButton.hidden = remove.hidden = false;
  card.querySelector("[data-delete]").hidden = true;
  foldButton.addEventListener("click", () => {
    fold(card, !card.classList.contains("folded"));
  });
  remove.addEventListener("click", () => {
    const read = reader(card);
    const written = read("description") || read("before");
    if (written && !window.confirm("删除这条隐患？已填写的内容和照片不再提交。")) return;
    field(card, "DELETE").checked = true;
    field(card, "DELETE").dispatchEvent(new Event("change", { bubbles: true }));
  });
}
