// What is typed into a form lives in this tab until it has arrived: an ended session, a reload, a lost connection lose nothing.
// It is kept for one person at one address, and only where it differs from what the page showed: the rest may have changed since.
// The register page keeps its own (register/draft.js). What is *sent* without a session waits on the server (accounts/unsent.py).

const whose = document.body.dataset.whose;
const mine = `kept:${whose}:`;

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // storage forbidden or damaged: the page works, only without memory
  }
}

function write(key, kept) {
  try {
    if (kept) sessionStorage.setItem(key, JSON.stringify(kept));
    else sessionStorage.removeItem(key);
  } catch {
    // no room or no permission: nothing is promised
  }
}

function keyOf(form) {
  return `${mine}${location.pathname}${location.search} ${form.getAttribute("action") || ""}`;
}

function isKept(element) {
  return element.name && !/^(hidden|password|file|submit|button)$/.test(element.type) && !/_id$/.test(element.name);
}

function shown(select) {
  const marked = Array.from(select.options).filter((option) => option.defaultSelected);
  return (marked[0] || select.options[0])?.value;
}

/** The fields that are not as the page showed them: [name, value, whether it is ticked]. */
function changed(form) {
  const fields = [];
  for (const element of Array.from(form.elements).filter(isKept)) {
    const ticks = element.type === "checkbox" || element.type === "radio";
    const before = element.tagName === "SELECT" ? shown(element) : element.defaultValue;
    if (ticks ? element.checked !== element.defaultChecked : element.value !== before)
      fields.push([element.name, element.value, ticks ? element.checked : null]);
  }
  return fields;
}

function photosOf(form) {
  const pickers = Array.from(form.querySelectorAll("[data-upload]"), (picker) => [
    picker.dataset.name,
    Array.from(picker.querySelectorAll("[data-photo]"), (tile) => ({
      id: tile.dataset.photo,
      thumbnail: tile.dataset.thumbnail,
      name: tile.dataset.file,
    })),
  ]);
  return Object.fromEntries(pickers.filter(([, photos]) => photos.length));
}

function put(form, [name, value, ticked]) {
  for (const element of Array.from(form.elements).filter((one) => one.name === name && isKept(one))) {
    if (ticked === null) element.value = value;
    else if (element.value === value) element.checked = ticked;
  }
}

function tell(form, key) {
  const note = document.createElement("div");
  const words = document.createElement("div");
  const clear = document.createElement("button");
  note.className = "alert mb-3";
  note.setAttribute("role", "status");
  words.textContent = "已恢复您上次填写、还没有提交的内容";
  clear.type = "button";
  clear.className = "btn btn-sm push";
  clear.textContent = "清空重填";
  clear.addEventListener("click", () => {
    write(key, null);
    for (const tile of form.querySelectorAll("[data-upload] [data-photo]")) tile.remove();
    form.reset();
    form.dispatchEvent(new Event("change", { bubbles: true }));
    note.remove();
    write(key, null); // the change above kept it again
  });
  note.append(words, clear);
  form.prepend(note);
}

function restore(form, key, kept) {
  for (const field of kept.fields) put(form, field);
  for (const picker of form.querySelectorAll("[data-upload]")) {
    const there = Array.from(picker.querySelectorAll("[data-photo]"), (tile) => tile.dataset.photo);
    const photos = (kept.photos[picker.dataset.name] || []).filter((photo) => !there.includes(photo.id));
    if (photos.length) picker.dispatchEvent(new CustomEvent("photos:restore", { detail: photos }));
  }
  form.dispatchEvent(new Event("change", { bubbles: true })); // pages that show fields by what is chosen draw anew
  if (changed(form).length || Object.keys(kept.photos).length) tell(form, key);
  else write(key, null);
}

function start(form) {
  const key = keyOf(form);
  const kept = read(key);
  const arrived = kept?.sent && (form.hasAttribute("data-bound") || document.querySelector(".messages"));
  if (arrived) write(key, null);
  else if (kept) restore(form, key, kept);
  let later = 0;
  const save = (sent) => {
    clearTimeout(later);
    const now = { fields: changed(form), photos: photosOf(form), sent };
    write(key, now.fields.length || Object.keys(now.photos).length ? now : null);
  };
  for (const name of ["input", "change", "photos:change"]) {
    form.addEventListener(name, () => {
      clearTimeout(later);
      later = setTimeout(save, 300, false);
    });
  }
  // Not where it was held back, by photos that are still on their way: it did not go.
  form.addEventListener("submit", (event) => save(!event.defaultPrevented));
  // Also what was typed before this script ran, on a slow line.
  window.addEventListener("pagehide", () => {
    if (!read(key)?.sent) save(false);
  });
}

/** Forms that went to the server from another page: having come here, they arrived. */
function forgetArrived(kept) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(mine) && !kept.includes(key) && read(key)?.sent) write(key, null);
  }
}

function startAll() {
  const forms = Array.from(document.querySelectorAll("main form[method=post]:not([data-register])"));
  const typed = forms.filter(
    (form) => !form.querySelector("[type=password]") && Array.from(form.elements).some(isKept),
  );
  forgetArrived(typed.map(keyOf));
  typed.forEach(start);
}

/** Keep the forms of this page, once its own scripts are there to listen for the photos and choices that come back. */
export function keepForms() {
  if (whose) document.addEventListener("DOMContentLoaded", startAll);
}
