// The form of a formula: what the weights come to while they are typed. Whether that is right, the server judges.
// Without this script the sum that the page came with stands there.

const boxes = document.querySelectorAll("[data-weight]");
const sum = document.querySelector("[data-sum]");

function draw() {
  const total = [...boxes].reduce((so_far, box) => so_far + (Number.parseInt(box.value, 10) || 0), 0);
  const whole = Number(sum.dataset.sum);
  const off = total < whole ? `，还差 ${whole - total} 分` : `，多出 ${total - whole} 分`;
  sum.textContent = `合计 ${total} 分${total === whole ? "" : off}`;
  sum.classList.toggle("text-red", total !== whole);
}

for (const box of boxes) box.addEventListener("input", draw);
window.addEventListener("pageshow", draw); // coming back, the browser has put in again what was typed
