// Phrases to pick from that are written again and again. Without this script the fields take text alone.

import { line, put, startWithin as startCriteria } from "../criterion.js";

const phrases = JSON.parse(document.getElementById("register-phrases").textContent);

function startPhrases(box, input) {
  box.hidden = !phrases[box.dataset.phrases].length;
  box.querySelector(".results").replaceChildren(
    ...phrases[box.dataset.phrases].map((text) =>
      line("", text, () => {
        const written = input.value.trim();
        put(input, written ? `${written.replace(/[。；，]$/, "")}；${text}` : text);
        box.open = false;
        input.focus();
      }),
    ),
  );
}

/** Give the fields of a card their picks; `field(name)` is the input of that name. */
export function startPicks(card, field) {
  startCriteria(card);
  for (const box of card.querySelectorAll("[data-phrases]")) startPhrases(box, field(box.dataset.phrases));
}
