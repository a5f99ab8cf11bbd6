// The register page: cards are added, folded and removed without leaving it, it says what is missing, and what was typed
// lives in the browser until the server has it. Without this script buttons of the form do the same in steps.
(function () {
  "use strict";

  const form = document.querySelector("[data-register]");
  if (!form) return;
  const cards = form.querySelector("[data-cards]");
  const total = form.elements["hazards-TOTAL_FORMS"];
  const notice = form.querySelector("[data-draft]");
  const preset = form.hasAttribute("data-bound") ? "" : new URLSearchParams(location.search).get("enterprise") || "";
  const store = "register:" + form.dataset.user + ":" + preset;
  const KEEP_DAYS = 7;
  // What the server said about a refused page stays in the bar until the page is changed.
  let refused = document.querySelector("[data-missing-all]").textContent;
  const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

  // ---- one card ----
  function field(card, name) {
    return card.querySelector("[name$='-" + name + "']");
  }

  function chosen(card, name) {
    const found = card.querySelector("[name$='-" + name + "']:checked");
    return found ? found.value : "";
  }

  function photosOf(card, which) {
    return card.querySelectorAll("[data-name$='-" + which + "'] [data-photo]").length;
  }

  function isLive(card) {
    return !field(card, "DELETE").checked;
  }

  function missingIn(card) {
    const missing = [];
    if (!field(card, "description").value.trim()) missing.push("隐患描述");
    if (chosen(card, "level") === "major" && !field(card, "basis").value.trim()) missing.push("判定依据");
    if (field(card, "fixed_on_spot").checked) {
      if (!photosOf(card, "after")) missing.push("整改后照片");
    } else if (chosen(card, "due") === "date" && !field(card, "due_date").value) {
      missing.push("截止日期");
    }
    return missing;
  }

  function untilWords(card) {
    const due = chosen(card, "due");
    if (due === "date" || due === "") return "";
    if (field(card, "in_working_days").checked) return due === "0" ? "今日 24:00" : due + " 个工作日，扣除放假安排";
    const day = new Date(form.dataset.today + "T00:00:00");
    day.setDate(day.getDate() + Number(due));
    const two = function (n) { return String(n).padStart(2, "0"); };
    return "至 " + two(day.getMonth() + 1) + "-" + two(day.getDate()) + " " + WEEKDAYS[day.getDay()] + " 24:00";
  }

  function fold(card, folded) {
    card.classList.toggle("folded", folded);
    card.classList.toggle("is-open", !folded);
    card.querySelector("[data-body]").hidden = folded;
    card.querySelector("[data-summary]").hidden = !folded;
    card.querySelector("[data-fold]").textContent = folded ? "展开" : "收起";
  }

  function draw(card) {
    const onSpot = field(card, "fixed_on_spot").checked;
    const missing = missingIn(card);
    const badge = card.querySelector("[data-missing]");
    const level = card.querySelector("[data-level]");
    const major = chosen(card, "level") === "major";
    card.hidden = !isLive(card);
    card.querySelector("[data-after]").hidden = !onSpot;
    card.querySelector("[data-due]").hidden = onSpot;
    card.querySelector("[data-date]").hidden = chosen(card, "due") !== "date";
    card.querySelector("[data-until]").textContent = untilWords(card);
    badge.textContent = "还差 " + missing.length + " 项";
    badge.hidden = !missing.length;
    level.textContent = major ? "重大" : "一般";
    level.className = major ? "badge level-major" : "badge";
    level.hidden = false;
    card.querySelector("[data-summary] span").textContent = field(card, "description").value || "（未填写描述）";
  }

  function start(card) {
    const foldButton = card.querySelector("[data-fold]");
    const remove = card.querySelector("[data-remove]");
    foldButton.hidden = remove.hidden = false;
    card.querySelector("[data-delete]").hidden = true;
    foldButton.addEventListener("click", function () { fold(card, !card.classList.contains("folded")); });
    remove.addEventListener("click", function () {
      const written = field(card, "description").value.trim() || photosOf(card, "before");
      if (written && !window.confirm("删除这条隐患？已填写的内容和照片不再提交。")) return;
      field(card, "DELETE").checked = true;
      refresh();
      save();
    });
  }

  // ---- the page ----
  function all() {
    return Array.from(cards.querySelectorAll("[data-card]"));
  }

  function live() {
    return all().filter(isLive);
  }

  function addCard() {
    const box = document.createElement("div");
    const number = Number(total.value);
    box.innerHTML = document.getElementById("blank-card").innerHTML.replace(/__prefix__/g, String(number));
    const card = box.firstElementChild;
    cards.append(card);
    total.value = String(number + 1);
    start(card);
    document.dispatchEvent(new CustomEvent("photos:start", { detail: card }));
    return card;
  }

  function missingAbove() {
    const missing = [];
    if (!form.querySelector("[name=enterprise][type=hidden], [name=enterprise]:checked")) missing.push("企业");
    if (form.elements.kind.value !== "self" && !form.elements.colleague.value) missing.push("另一名检查人");
    if (!form.elements.inspected_on.value) missing.push("检查日期");
    return missing;
  }

  function refresh() {
    const none = form.elements.nothing_found.checked;
    const lines = missingAbove();
    cards.hidden = none;
    form.querySelector("[data-add]").hidden = none || live().length >= Number(form.dataset.max);
    all().forEach(draw);
    live().forEach(function (card, place) {
      const missing = missingIn(card);
      card.querySelector("[data-number]").textContent = String(place + 1);
      if (!none && missing.length) lines.push("隐患 " + (place + 1) + " " + missing.join("、"));
    });
    if (!none && !live().length) lines.push("至少一条隐患");
    const wanting = lines.length ? "还差：" + lines[0] + (lines.length > 1 ? " 等 " + lines.length + " 处" : "") : "";
    const said = refused || wanting;
    const spot = document.querySelector("[data-missing-all]");
    if (spot.textContent !== said) spot.textContent = said;
    document.querySelector("[data-total]").textContent = none ? "未发现隐患" : "共 " + live().length + " 条";
  }

  // ---- the draft in this browser ----
  let later = 0;

  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(store));
    } catch (error) {
      return null; // storage forbidden or its content damaged: the page works, only without memory
    }
  }

  function forget() {
    try {
      localStorage.removeItem(store);
    } catch (error) {
      notice.hidden = true; // nothing was ever kept
    }
  }

  function snapshot() {
    const fields = {};
    const photos = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "kept_at" && !/_id$|_FORMS$/.test(name)) fields[name] = value;
    });
    form.querySelectorAll("[data-upload]").forEach(function (picker) {
      photos[picker.dataset.name] = Array.from(picker.querySelectorAll("[data-photo]")).map(function (tile) {
        return { id: tile.dataset.photo, thumbnail: tile.dataset.thumbnail };
      });
    });
    return { at: Date.now(), total: Number(total.value), fields: fields, photos: photos };
  }

  function tell(kept) {
    const when = new Date(kept.at);
    const count = Object.values(kept.photos).reduce(function (sum, some) { return sum + some.length; }, 0);
    const pending = form.querySelectorAll("[data-upload] [data-pending]").length;
    notice.hidden = false;
    notice.querySelector("[data-draft-at]").textContent =
      String(when.getHours()).padStart(2, "0") + ":" + String(when.getMinutes()).padStart(2, "0");
    notice.querySelector("[data-draft-photos]").textContent =
      "；照片 " + count + " 张" + (pending ? "，待上传 " + pending + " 张" : "");
  }

  function saveNow() {
    const kept = snapshot();
    clearTimeout(later);
    try {
      localStorage.setItem(store, JSON.stringify(kept));
    } catch (error) {
      return ""; // no room or no permission: saying "saved" would be a lie
    }
    tell(kept);
    return kept.at;
  }

  function save() {
    clearTimeout(later);
    later = setTimeout(saveNow, 400);
  }

  function put(name, value) {
    const found = form.querySelectorAll("[name='" + CSS.escape(name) + "']");
    found.forEach(function (element) {
      if (element.type === "radio") element.checked = element.value === value;
      else if (element.type === "checkbox") element.checked = true;
      else element.value = value;
    });
  }

  function restore(kept) {
    while (Number(total.value) < kept.total) addCard();
    // A box that is off is not in the draft; the tiles a refused page shows again are in it.
    form.querySelectorAll("input[type=checkbox]").forEach(function (box) { box.checked = false; });
    form.querySelectorAll("[data-upload] [data-photo]").forEach(function (tile) { tile.remove(); });
    Object.keys(kept.fields).forEach(function (name) {
      if (name !== "enterprise" && name !== "enterprise_q") put(name, kept.fields[name]);
    });
    form.querySelectorAll("[data-upload]").forEach(function (picker) {
      const photos = kept.photos[picker.dataset.name] || [];
      if (photos.length) picker.dispatchEvent(new CustomEvent("photos:restore", { detail: photos }));
    });
    const enterprise = kept.fields.enterprise;
    const shown = form.querySelector("[data-chosen]");
    if (enterprise && !preset && !(shown && shown.dataset.chosen === enterprise)) {
      window.htmx.ajax("GET", form.getAttribute("action") + "?enterprise=" + encodeURIComponent(enterprise), "#enterprise-box");
    }
    tell(kept);
  }

  function isWorthRestoring(kept) {
    if (!kept) return false;
    if (form.hasAttribute("data-bound")) {
      // The page shows what was sent: worth more is only what was typed on it since then. Reloading sends the old again,
      // with the time it was kept at, so the two moments are of the same clock.
      const sentAt = Number(form.elements.kept_at.value);
      return kept.fields.submission_key === form.elements.submission_key.value && sentAt > 0 && kept.at > sentAt;
    }
    const arrived = form.dataset.sent.split(" ").includes(kept.fields.submission_key);
    return !arrived && Date.now() - kept.at < KEEP_DAYS * 24 * 3600 * 1000;
  }

  // ---- what the server found wrong ----
  function reveal(link, event) {
    const place = document.getElementById(link.getAttribute("href").slice(1));
    if (!place) return;
    const card = place.closest("[data-card]");
    if (card) fold(card, false);
    const inputs = place.matches("input, select, textarea") ? [place] : Array.from(place.parentElement.querySelectorAll("input"));
    const input = inputs.find(function (one) { return one.offsetParent !== null; });
    if (event) event.preventDefault();
    if (input) input.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  }

  // ---- start ----
  all().forEach(start);
  const kept = remembered();
  if (isWorthRestoring(kept)) {
    restore(kept);
    live().slice(0, -1).forEach(function (card) { if (!missingIn(card).length) fold(card, true); });
  } else if (!form.hasAttribute("data-bound")) {
    forget();
  }
  refresh();
  const summary = form.querySelector("[data-to-mend]");
  if (summary) {
    summary.addEventListener("click", function (event) {
      const link = event.target.closest("a");
      if (link) reveal(link, event);
    });
    reveal(summary.querySelector("a"));
    summary.scrollIntoView({ block: "center" });
  }

  form.querySelector("[data-add]").addEventListener("click", function (event) {
    event.preventDefault();
    live().forEach(function (card) { if (!missingIn(card).length) fold(card, true); });
    const card = addCard();
    refresh();
    save();
    card.scrollIntoView({ block: "start" });
    field(card, "description").focus({ preventScroll: true });
  });
  form.querySelector("[data-draft-clear]").addEventListener("click", function () {
    if (!window.confirm("清空已填写的内容和照片，重新开始？")) return;
    clearTimeout(later);
    forget();
    location.href = form.getAttribute("action");
  });
  ["input", "change", "photos:change"].forEach(function (name) {
    form.addEventListener(name, function (event) {
      // The enterprise search is no content of the draft.
      if (event.target.name === "enterprise_q") return;
      refused = "";
      refresh();
      save();
    });
  });
  // What is sent and what is kept are the same at this moment; the server gives the time back with a refused page.
  form.addEventListener("submit", function () { form.elements.kept_at.value = saveNow(); });
  // Enter in a line of text is no wish to send the page; in the search it searches at once.
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !/^(text|search|number|date)$/.test(event.target.type)) return;
    event.preventDefault();
    if (event.target.name === "enterprise_q") event.target.dispatchEvent(new Event("search", { bubbles: true }));
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (!form.contains(event.target)) return;
    refresh();
    if (form.querySelector("[data-chosen]")) save();
  });
})();
