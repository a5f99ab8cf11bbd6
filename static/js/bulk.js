// The bar over a list: shown once a row is ticked, each button with the number of rows for which it would be done.
// Without this script the bar stands there all the time, and the page it leads to says what is left out.
const bar = document.querySelector("[data-bulk]");
const everything = bar?.querySelector("[data-bulk-everything]"); // also the rows of other pages
const all = document.querySelector("[data-bulk-all]");
const ticks = [...document.querySelectorAll('input[name="only"][form="bulk"]')];

function show() {
  const picked = ticks.filter((tick) => tick.checked);
  if (!picked.length && everything) everything.checked = false; // it hides with the bar
  const whole = everything?.checked;
  bar.hidden = picked.length === 0;
  bar.querySelector("[data-bulk-picked]").textContent = whole ? everything.dataset.bulkEverything : picked.length;
  const left = [];
  for (const button of bar.querySelectorAll("[data-bulk-does]")) {
    const done = picked.filter((tick) => tick.dataset.does.split(" ").includes(button.dataset.bulkDoes)).length;
    button.querySelector("[data-bulk-count]").textContent = whole ? "" : `${done} 条`;
    button.disabled = !whole && done === 0;
    const label = button.querySelector("[data-bulk-label]").textContent;
    if (!whole && done < picked.length) left.push(`${label}不办理 ${picked.length - done} 条，下一页写明原因`);
  }
  bar.querySelector("[data-bulk-not]").textContent = whole ? "办理前的页面列出不能办理的各条和原因" : left.join("；");
  for (const tick of ticks) {
    tick.closest("tr").classList.toggle("is-picked", tick.checked);
    tick.disabled = whole; // all are meant, whichever are ticked here
  }
  all.checked = picked.length === ticks.length;
  all.indeterminate = picked.length > 0 && picked.length < ticks.length;
}

if (bar && all) {
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    show();
  });
  for (const tick of ticks) tick.addEventListener("change", show);
  bar.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const tick of ticks) tick.checked = false;
    if (everything) everything.checked = false;
    show();
  });
  everything?.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
