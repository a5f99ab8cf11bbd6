// Whether the person who opened this page is still signed in, and the token of the session that is now.

const page = document.body.dataset;

/** Give the forms of the page the token of the present session; false when nobody, or somebody else, is signed in. */
export async function renew() {
  try {
    const answer = await fetch(page.alive, { headers: { Accept: "application/json" } });
    const now = answer.ok ? await answer.json() : {};
    if (!page.whose || now.whose !== page.whose) return false;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = now.token;
    return true;
  } catch {
    return false; // no connection: nobody can say
  }
}

/** A link to the sign-in that leaves this page open. */
export function signInLink(address) {
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.textContent = "在新窗口登录";
  return link;
}
