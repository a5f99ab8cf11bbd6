// The page 下达整改: the day the chosen deadline gives is said, and the date is asked for only when it is to be chosen.
// Without this script all fields show.

import { untilWords } from "./due.js";

const form = document.getElementById("act-form");
const until = JSON.parse(document.getElementById("due-until").textContent);

function draw() {
  const due = form.querySelector("[name=due]:checked");
  const chosen = due ? due.value : "";
  form.querySelector("[data-date]").hidden = chosen !== "date";
  form.querySelector("[data-until]").textContent = untilWords(until, chosen, form.elements.in_working_days.checked);
}

form.addEventListener("change", draw);
window.addEventListener("pageshow", draw); // coming back, the browser has put the old choice in again
draw();
