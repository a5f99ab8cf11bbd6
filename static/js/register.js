// The register page: cards are added, folded and removed without leaving it, it says what is missing, and what was typed
// lives in the browser until the server has it. Without this script buttons of the form do the same in steps.

import { field } from "./register/card.js";
import { forget, restore, save, saveNow } from "./register/draft.js";
import { addCard, dropRefusal, foldComplete, form, lastCard, refresh, startCards } from "./register/page.js";
import { startRefusal } from "./register/refusal.js";
import { foldVisit } from "./register/visit.js";

startCards();
if (restore()) foldComplete(lastCard());
refresh();
foldVisit();
startRefusal(form);

form.querySelector("[data-add]").addEventListener("click", (event) => {
  event.preventDefault();
  foldComplete();
  const card = addCard();
  refresh();
  save();
  card.scrollIntoView({ block: "start" });
  field(card, "description").focus({ preventScroll: true });
});

form.querySelector("[data-draft-clear]").addEventListener("click", () => {
  if (!window.confirm("清空已填写的内容和照片，重新开始？")) return;
  forget();
  location.href = form.getAttribute("action");
});

for (const name of ["input", "change", "photos:change"]) {
  form.addEventListener(name, (event) => {
    // The enterprise search is no content of the draft.
    if (event.target.name === "enterprise_q") return;
    dropRefusal();
    refresh();
    save();
  });
}

// What is sent and what is kept are the same at this moment; the server gives the time back with a refused page.
form.addEventListener("submit", () => {
  form.elements.kept_at.value = saveNow();
});

// Enter in a line of text is no wish to send the page; in the search it searches at once.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !/^(text|search|number|date)$/.test(event.target.type)) return;
  event.preventDefault();
  if (event.target.name === "enterprise_q") event.target.dispatchEvent(new Event("search", { bubbles: true }));
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!form.contains(event.target)) return;
  refresh();
  if (!form.querySelector("[data-chosen]")) return;
  save();
  foldVisit();
});
