// The wall asks for itself again every minute. While there is no answer it keeps the last picture and says since when.

const EVERY = 60000;
const PATIENCE = 20000;
const status = document.querySelector("[data-wall-status]");
const words = document.querySelector("[data-wall-words]");
let last = words.textContent.match(/\d{2}:\d{2}:\d{2}/)[0];

function say(text, isLost) {
  words.textContent = text;
  status.classList.toggle("lost", isLost);
}

async function ask() {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(window.location.href, { cache: "no-store", signal: stop.signal });
    // The sign-in page is an answer too, but not a picture.
    if (answer.redirected || answer.status === 401 || answer.status === 403)
      return "登录已失效，请在这台机器上重新登录";
    if (!answer.ok) return `系统暂时不能更新（${answer.status}）`;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const picture = fresh.querySelector("[data-wall]");
    if (!picture) return "系统暂时不能更新";
    document.querySelector("[data-wall]").replaceWith(document.importNode(picture, true));
    last = fresh.querySelector("[data-wall-words]").textContent.match(/\d{2}:\d{2}:\d{2}/)[0];
    return "";
  } catch {
    return "网络已断开";
  } finally {
    clearTimeout(timer);
  }
}

async function refresh() {
  const trouble = await ask();
  if (trouble) say(`${trouble}，画面停在 ${last}，恢复后自动更新`, true);
  else say(`每 60 秒更新，最后更新 ${last}`, false);
}

// One after the other, so that answers never pile up behind a slow line; at once when the network is back.
let next = setTimeout(turn, EVERY);
async function turn() {
  clearTimeout(next);
  await refresh();
  clearTimeout(next);
  next = setTimeout(turn, EVERY);
}
window.addEventListener("online", turn);
window.addEventListener("offline", () => say(`网络已断开，画面停在 ${last}，恢复后自动更新`, true));
