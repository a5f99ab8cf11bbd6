// The facts of the visit fold to a line once they are complete, so that the first hazard begins on the first screen.

import { missing, rules, valueIn } from "./rules.js";

const form = document.querySelector("[data-register]");
const box = form.querySelector("[data-visit]");
const open = box.querySelector("[data-visit-open]");
const summary = box.querySelector("[data-visit-summary]");
const body = box.querySelector("[data-visit-body]");

function read(name) {
  // Enterprises that a search found are radios, the chosen one is a hidden input.
  return valueIn(form.querySelectorAll(`[name='${name}']`));
}

/** The labels of what the visit still lacks. */
export function missingInVisit() {
  return missing(rules.visit, read);
}

function words() {
  const chosen = box.querySelector("[data-chosen] b");
  const chosenWords = (name) => {
    const select = form.elements[name];
    return select.value ? select.selectedOptions[0].textContent.trim() : "";
  };
  const people = [box.querySelector("[data-self]").textContent.trim(), chosenWords("colleague").split(" · ")[0]];
  return [
    chosen ? chosen.textContent.trim() : "",
    chosenWords("kind"),
    form.elements.inspected_on.value,
    people.filter(Boolean).join("、"),
  ];
}

function fold(folded) {
  body.hidden = folded;
  summary.hidden = open.hidden = !folded;
  if (!folded) return;
  summary.replaceChildren(
    ...words()
      .filter(Boolean)
      .map((text) => Object.assign(document.createElement("span"), { textContent: text })),
  );
}

/** Fold the facts of the visit when nothing is missing and nothing in them was refused. */
export function foldVisit() {
  const chosen = box.querySelector("[data-chosen]");
  if (chosen && !missingInVisit().length && !box.querySelector(".is-invalid, .invalid-feedback")) fold(true);
}

export function openVisit() {
  fold(false);
}

open.addEventListener("click", () => {
  fold(false);
  form.elements.kind.focus();
});

// Leaving the facts for a hazard folds them; moving between them doesn't.
form.addEventListener("focusin", (event) => {
  if (event.target.closest("[data-card]")) foldVisit();
});
