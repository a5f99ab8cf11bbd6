// Photos are sent one by one the moment they are picked, so that a bad connection or a reloading camera loses nothing.
// Without this script the same inputs send their files with the form. Events on a field: "photos:change" when its photos
// changed; "photos:restore" (detail: [{id, thumbnail}]) puts uploaded photos back.

import { renew, signInLink } from "./alive.js";
import { isGone, post } from "./sending.js";
import { viewOf } from "./shots.js";

function start(field) {
  const shots = field.querySelector(".shots");
  const note = field.querySelector("[data-upload-error]");
  const form = field.closest("form");
  const failed = new Set();
  const limit = Number(field.dataset.limit);
  const noun = field.dataset.noun;
  let queue = Promise.resolve();

  function say(sentence, link) {
    note.replaceChildren(sentence, ...(link ? [link] : []));
    note.hidden = !sentence;
  }

  function changed() {
    field.dataset.pending = String(shots.querySelectorAll("[data-pending]").length);
    field.dispatchEvent(new CustomEvent("photos:change", { bubbles: true }));
  }

  function button(words, look, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = look;
    made.textContent = words;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function finish(tile, photo) {
    const view = viewOf(photo, `${field.dataset.label} ${shots.querySelectorAll("[data-photo]").length + 1}`);
    const id = document.createElement("input");
    // A photo that is gone (taken by a hazard, or cleaned away) must not be sent again; one that is only not shown, because
    // the session or the connection ended before its picture came, still counts.
    view.addEventListener("error", async () => {
      if (!(await isGone(photo.thumbnail))) return;
      tile.remove();
      changed();
    });
    id.type = "hidden";
    id.name = `${field.dataset.name}_id`;
    id.value = photo.id;
    tile.removeAttribute("data-pending");
    tile.dataset.photo = photo.id;
    if (photo.thumbnail) tile.dataset.thumbnail = photo.thumbnail;
    else tile.dataset.file = photo.name;
    tile.classList.toggle("shot-file", !photo.thumbnail);
    tile.replaceChildren(
      view,
      id,
      button("✕", "x", `删除${view.alt || photo.name}`, () => {
        tile.remove();
        changed();
      }),
    );
    changed();
  }

  async function send(file, tile) {
    const meter = document.createElement("progress");
    meter.className = "progress";
    meter.max = 100;
    meter.value = 0;
    meter.setAttribute("aria-label", "上传进度");
    tile.dataset.pending = "1";
    tile.replaceChildren(document.createTextNode("上传中"), meter);
    changed();
    const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
    const progressed = (share) => {
      meter.value = share;
    };
    let reply;
    try {
      reply = await post(field.dataset.upload, token, file, progressed);
    } catch {
      return fail(file, tile, `网络不通，${noun}没有传上去；恢复后会自动重试`);
    }
    answered(reply, file, tile);
  }

  function answered([status, answer], file, tile) {
    if (answer.id) {
      say("");
      finish(tile, answer);
    } else if (status === 400) {
      // The picture itself is no good: trying again cannot help.
      tile.remove();
      say(answer.error);
      changed();
    } else if (status === 401 || (status === 403 && !tile.dataset.renewed)) {
      expired(file, tile, answer.error);
    } else {
      fail(file, tile, answer.error || `${noun}没有传上去，请重试`);
    }
  }

  // The session ended, or another one began in another tab: with its token the photo goes on, else after signing in there.
  async function expired(file, tile, sentence) {
    const said = `${sentence}；${noun}还在本页，登录后回到这里自动上传。`;
    if (!(await renew())) return fail(file, tile, said, signInLink(field.dataset.signIn));
    tile.dataset.renewed = "1";
    send(file, tile);
  }

  function fail(file, tile, sentence, link) {
    const again = () => {
      failed.delete(again);
      send(file, tile);
    };
    failed.add(again);
    tile.replaceChildren(
      button("重试", "btn btn-sm", `重新上传 ${file.name}`, again),
      button("✕", "x", `放弃 ${file.name}`, () => {
        failed.delete(again);
        tile.remove();
        changed();
      }),
    );
    say(sentence, link);
    changed();
  }

  function newTile() {
    const tile = document.createElement("span");
    tile.className = "shot";
    shots.append(tile);
    return tile;
  }

  function take(files) {
    const room = limit - shots.querySelectorAll("[data-photo], [data-pending]").length;
    say(files.length > room ? `一次最多上传 ${limit} ${field.dataset.measure}${noun}，多出的没有上传` : "");
    files.slice(0, Math.max(room, 0)).forEach((file) => {
      const tile = newTile();
      tile.dataset.pending = "1";
      tile.textContent = "等待上传";
      // One after the other: they are shown in the order in which they arrived, which is to be that in which they were picked.
      queue = queue.then(() => send(file, tile));
    });
    changed();
  }

  field.querySelectorAll("input[type=file]").forEach((input) => {
    const picked = () => {
      take(Array.from(input.files));
      input.value = "";
    };
    input.removeAttribute("name");
    input.addEventListener("change", picked);
    if (input.files.length) picked(); // before this script was there, on a slow connection
  });
  shots.querySelectorAll("[data-photo]").forEach((tile) => {
    const image = tile.querySelector("img");
    finish(tile, { id: tile.dataset.photo, thumbnail: image?.getAttribute("src"), name: tile.dataset.file });
  });
  field.addEventListener("photos:restore", (event) => {
    for (const photo of event.detail) finish(newTile(), photo);
  });
  // The connection is back, or the person is, from signing in elsewhere.
  for (const back of ["online", "focus"]) {
    window.addEventListener(back, () => {
      for (const again of Array.from(failed)) again();
    });
  }
}

/** Start every field of photos under `root` that has not been started. */
export function startWithin(root) {
  root.querySelectorAll("[data-upload]:not([data-started])").forEach((field) => {
    field.dataset.started = "1";
    start(field);
  });
}

startWithin(document);

// A form whose photos are still on their way, or failed, is not sent; capture: before the once-only mark of app.js.
document.addEventListener(
  "submit",
  (event) => {
    const busy = event.target.querySelector("[data-upload] [data-pending]");
    if (!busy) return;
    event.preventDefault();
    const field = busy.closest("[data-upload]");
    const note = field.querySelector("[data-upload-error]");
    note.textContent = `还有${field.dataset.noun}没有传完，请稍候、重试或放弃后再提交`;
    note.hidden = false;
    note.scrollIntoView({ block: "center" });
  },
  true,
);
