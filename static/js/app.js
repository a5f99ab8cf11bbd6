// Small conveniences on every page; each main path works without them. Its tag stands after that of htmx, and so runs later.

import { keepForms } from "./keep.js";

keepForms();

// Menus are <details>: close the others on a click outside, and the open one on Escape (focus back on its button).
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.removeAttribute("open");
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  });
});

// htmx sends Django's token as a header. The cookie is HttpOnly, so the token comes from any form on the page.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") return;
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (field) event.detail.headers["X-CSRFToken"] = field.value;
});

// A form with data-once is sent once: the second press of an impatient thumb does nothing. Coming back frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Fields that filter the page at once: <form data-auto> is sent when a choice changes.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-auto")) form.requestSubmit ? form.requestSubmit() : form.submit();
});
