// A form with data-passkey ("create" or "get") asks the browser for a passkey when it is sent, puts the answer into its field
// "passkey" and is sent then. What is asked stands in #passkey-options, as the server wrote it: bytes in base64url.

const TROUBLE = {
  NotAllowedError: "没有完成：可能已取消或超时，请再试一次",
  InvalidStateError: "这台设备或这把钥匙已经绑定过",
  SecurityError: "现在的网址不能使用通行密钥，请用 https 的域名打开本系统",
  other: "没有完成，请再试一次；仍不成的，请换一个浏览器，或改用验证码",
  none: "这个浏览器不能使用通行密钥，请换一个浏览器，或改用验证码",
};

const form = document.querySelector("form[data-passkey]");
const options = document.getElementById("passkey-options");
if (form && options) form.addEventListener("submit", answer);

async function answer(event) {
  const field = form.elements.namedItem("passkey");
  if (field.value) return;
  event.preventDefault();
  say("");
  form.setAttribute("aria-busy", "true");
  try {
    if (!window.PublicKeyCredential) throw new DOMException("", "none");
    const asked = read(JSON.parse(options.textContent));
    const made = await navigator.credentials[form.dataset.passkey](asked);
    field.value = JSON.stringify(written(made));
    form.submit();
  } catch (error) {
    say(TROUBLE[error.name] ?? TROUBLE.other);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function say(words) {
  const place = form.querySelector("[data-passkey-trouble]");
  place.textContent = words;
  place.hidden = !words;
}

/** What the server asks, with bytes where the browser wants them. */
function read({ publicKey }) {
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: asked };
}

/** The browser's answer as JSON can hold it. */
function written(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
}

function bytes(base64url) {
  const letters = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
