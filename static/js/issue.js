// The page 下达整改: of the ways to give a deadline, only the chosen one shows its field. Without this script all show.
(function () {
  "use strict";

  const form = document.getElementById("act-form");
  const ways = form ? form.querySelectorAll("[data-when]") : [];
  if (!ways.length) return;

  function draw() {
    const due = form.querySelector("[name=due]:checked");
    ways.forEach(function (way) { way.hidden = !due || way.dataset.when !== due.value; });
  }

  form.addEventListener("change", draw);
  window.addEventListener("pageshow", draw); // coming back, the browser has put the old choice in again
  draw();
})();
