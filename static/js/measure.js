// The page 记录执法措施: what only some kinds of measures are asked is shown, and sent, for those alone.
// Without this script all fields show.

const form = document.getElementById("act-form");
const controls = form.querySelectorAll("[data-kinds]");

function draw() {
  for (const control of controls) {
    const asked = control.dataset.kinds.split(" ").includes(form.elements.kind.value);
    control.closest(".field").hidden = !asked;
    control.disabled = !asked;
  }
}

form.addEventListener("change", draw);
window.addEventListener("pageshow", draw); // coming back, the browser has put the old choice in again
draw();
