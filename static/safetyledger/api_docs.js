"use strict";

const api = document.getElementById("api");

SwaggerUIBundle({
  url: api.dataset.schema,
  domNode: api,
  deepLinking: true,
  // Trying a call uses the reader's own session, which wants the token on everything that writes.
  requestInterceptor(request) {
    request.headers["X-CSRFToken"] = api.dataset.csrf;
    return request;
  },
});
