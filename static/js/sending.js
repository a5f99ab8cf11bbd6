// The server's side of a photo: sending it with word of its progress, and asking whether it is still there.

/** Send `file`; resolves to [status, answer], rejects when the line is down. `progressed` is told the share sent, 0 to 100. */
export function post(address, token, file, progressed) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("photo", file);
  request.open("POST", address);
  request.timeout = 120000;
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", token);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progressed((100 * event.loaded) / event.total);
  });
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () => resolve([request.status, read(request.responseText)]));
    for (const trouble of ["error", "timeout"]) request.addEventListener(trouble, reject);
    request.send(body);
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { error: "服务器没有收下照片，请重试" };
  }
}

/** Whether the server knows no photo at `address`; not shown to this session, or no connection, is not gone. */
export async function isGone(address) {
  try {
    return (await fetch(address, { redirect: "manual" })).status === 404;
  } catch {
    return false;
  }
}
