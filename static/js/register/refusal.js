// What the server found wrong: its list at the top of a refused page leads to the places to mend.

import { fold } from "./card.js";
import { openVisit } from "./visit.js";

function reveal(link, event) {
  const place = document.getElementById(link.getAttribute("href").slice(1));
  if (!place) return;
  const card = place.closest("[data-card]");
  if (card) fold(card, false);
  if (place.closest("[data-visit]")) openVisit();
  const isInput = place.matches("input, select, textarea");
  const inputs = isInput ? [place] : Array.from(place.parentElement.querySelectorAll("input"));
  const input = inputs.find((one) => one.offsetParent !== null);
  if (event) event.preventDefault();
  if (input) input.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
}

/** Begin with the first place and let each line of the list lead to its own. */
export function startRefusal(form) {
  const summary = form.querySelector("[data-to-mend]");
  if (!summary) return;
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) reveal(link, event);
  });
  reveal(summary.querySelector("a"));
  summary.scrollIntoView({ block: "center" });
}
