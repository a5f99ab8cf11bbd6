// The page 下达整改: of the ways to give a deadline, only the chosen one shows its field. Without this script all show.

const form = document.getElementById("act-form");

function draw() {
  const due = form.querySelector("[name=due]:checked");
  for (const way of form.querySelectorAll("[data-when]")) way.hidden = !due || way.dataset.when !== due.value;
}

form.addEventListener("change", draw);
window.addEventListener("pageshow", draw); // coming back, the browser has put the old choice in again
draw();
