// Texts to pick from: the criteria a major hazard is judged by, and phrases written again and again. Without this script
// both fields take text alone.

const criteria = JSON.parse(document.getElementById("register-criteria").textContent);
const phrases = JSON.parse(document.getElementById("register-phrases").textContent);
const SHOWN = 8;

function put(input, text) {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function line(head, words, pick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "result result-pick";
  if (head) {
    const strong = document.createElement("b");
    strong.textContent = head;
    button.append(strong, document.createElement("br"));
  }
  button.append(words);
  button.addEventListener("click", pick);
  return button;
}

function found(text) {
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return criteria.filter((one) => words.every((word) => (one.place + one.words).includes(word)));
}

function startCriteria(card, input) {
  const box = card.querySelector("[data-criteria]");
  const search = box.querySelector("input");
  const list = box.querySelector(".results");
  box.hidden = false;
  search.addEventListener("input", (event) => {
    event.stopPropagation(); // what is searched for is no content of the draft
    const lines = found(search.value);
    list.replaceChildren(
      ...lines.slice(0, SHOWN).map((one) =>
        line(one.place, one.words, () => {
          put(input, one.basis);
          list.replaceChildren();
        }),
      ),
    );
    if (search.value.trim() && !lines.length) {
      list.append("没有找到；请换个词，或在下面直接填写所依据的标准和条款。");
    }
  });
}

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
  startCriteria(card, field("basis"));
  for (const box of card.querySelectorAll("[data-phrases]")) startPhrases(box, field(box.dataset.phrases));
}
