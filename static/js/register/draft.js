// The draft in this browser: what was typed lives here until the server has it.

import { addCard, form, total } from "./page.js";
import { rules } from "./rules.js";

const DAY = 24 * 3600 * 1000; // milliseconds
const notice = form.querySelector("[data-draft]");
const bound = form.hasAttribute("data-bound");
const preset = bound ? "" : new URLSearchParams(location.search).get("enterprise") || "";
const mine = `register:${form.dataset.user}:`;
let store = mine + preset;
let later = 0;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // storage forbidden or its content damaged: the page works, only without memory
  }
}

/** The newest draft: of the enterprise that was asked for, or of any: who signs in again comes back without asking for one.
 * What was begun before its enterprise was known, or entered in the register, goes on with the one asked for.
 */
function remembered() {
  const keys = preset ? [store, mine] : Object.keys(localStorage).filter((key) => key.startsWith(mine));
  const drafts = keys
    .map((key) => [key, read(key)])
    .filter(([key, kept]) => isWorthRestoring(kept) && !(preset && key === mine && kept.fields.enterprise));
  const [key, kept] = drafts.sort(([, one], [, other]) => other.at - one.at)[0] || [store, null];
  store = key;
  return kept;
}

/** Drop the draft, and what was about to be written down. */
export function forget() {
  clearTimeout(later);
  try {
    localStorage.removeItem(store);
  } catch {
    notice.hidden = true; // nothing was ever kept
  }
}

function isContent(name) {
  return !/^(csrfmiddlewaretoken|whose|kept_at)$/.test(name) && !/_id$|_FORMS$/.test(name);
}

function snapshot() {
  const fields = {};
  const photos = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && isContent(name)) fields[name] = value;
  }
  for (const picker of form.querySelectorAll("[data-upload]")) {
    photos[picker.dataset.name] = Array.from(picker.querySelectorAll("[data-photo]"), (tile) => ({
      id: tile.dataset.photo,
      thumbnail: tile.dataset.thumbnail,
    }));
  }
  return { at: Date.now(), total: Number(total.value), fields, photos };
}

function tell(kept) {
  const when = new Date(kept.at);
  const count = Object.values(kept.photos).reduce((sum, some) => sum + some.length, 0);
  const pending = form.querySelectorAll("[data-upload] [data-pending]").length;
  const two = (number) => String(number).padStart(2, "0");
  notice.hidden = false;
  notice.querySelector("[data-draft-at]").textContent = `${two(when.getHours())}:${two(when.getMinutes())}`;
  const sent = count ? `；照片 ${count} 张` : "";
  notice.querySelector("[data-draft-photos]").textContent = sent + (pending ? `；待上传 ${pending} 张` : "");
}

/** Write the page down; returns when (ms), or "" where there is no room or no permission. */
export function saveNow() {
  const kept = snapshot();
  clearTimeout(later);
  try {
    localStorage.setItem(store, JSON.stringify(kept));
  } catch {
    return ""; // saying "saved" would be a lie
  }
  tell(kept);
  return kept.at;
}

/** Write the page down when the typing pauses. */
export function save() {
  clearTimeout(later);
  later = setTimeout(saveNow, 400);
}

function put(name, value) {
  for (const element of form.querySelectorAll(`[name='${CSS.escape(name)}']`)) {
    if (element.type === "radio") element.checked = element.value === value;
    else if (element.type === "checkbox") element.checked = true;
    else element.value = value;
  }
}

function putBack(kept) {
  while (Number(total.value) < kept.total) addCard();
  // A box that is off is not in the draft; the tiles a refused page shows again are in it.
  for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = false;
  for (const tile of form.querySelectorAll("[data-upload] [data-photo]")) tile.remove();
  for (const [name, value] of Object.entries(kept.fields)) {
    if (name !== "enterprise" && name !== "enterprise_q") put(name, value);
  }
  for (const picker of form.querySelectorAll("[data-upload]")) {
    const photos = kept.photos[picker.dataset.name] || [];
    if (photos.length) picker.dispatchEvent(new CustomEvent("photos:restore", { detail: photos }));
  }
  const enterprise = kept.fields.enterprise;
  const shown = form.querySelector("[data-chosen]");
  if (enterprise && !preset && !(shown && shown.dataset.chosen === enterprise)) {
    const address = `${form.getAttribute("action")}?enterprise=${encodeURIComponent(enterprise)}`;
    window.htmx.ajax("GET", address, "#enterprise-box");
  }
  tell(kept);
}

function isWorthRestoring(kept) {
  if (!kept) return false;
  if (bound) {
    // The page shows what was sent: worth more is only what was typed on it since then. Reloading sends the old again,
    // with the time it was kept at, so the two moments are of the same clock.
    const sentAt = Number(form.elements.kept_at.value);
    return kept.fields.submission_key === form.elements.submission_key.value && sentAt > 0 && kept.at > sentAt;
  }
  const arrived = form.dataset.arrived.split(" ").includes(kept.fields.submission_key);
  return !arrived && Date.now() - kept.at < rules.kept_days * DAY;
}

/** Put a draft worth it back into the page and say so; drop one that is not. */
export function restore() {
  const kept = remembered();
  if (kept) putBack(kept);
  else if (!bound) forget();
  return Boolean(kept);
}
