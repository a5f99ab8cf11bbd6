// What is still missing, by the rules the server wrote into the page. This only says it early: the form on the server judges.

/** The data of hazards/registration_rules.py: needs of visit and hazard, the words of each deadline, limits. */
export const rules = JSON.parse(document.getElementById("register-rules").textContent);

/** What stands in a field, given its inputs: true or false for a box, the choice of radios, else the text. */
export function valueIn(inputs) {
  const all = Array.from(inputs);
  if (!all.length) return "";
  if (all[0].type === "checkbox") return all[0].checked;
  if (all[0].type !== "radio") return all[0].value.trim();
  const chosen = all.find((input) => input.checked);
  return chosen ? chosen.value : "";
}

/** Whether `need` is to be met; `read(name)` says what stands in a field. */
export function applies(need, read) {
  return Object.entries(need.when).every(([name, values]) => values.includes(read(name)));
}

/** The labels of what is needed and not there. */
export function missing(needs, read) {
  return needs.filter((need) => applies(need, read) && !read(need.field)).map((need) => need.label);
}
