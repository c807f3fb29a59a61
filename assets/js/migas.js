// Comfort for browsers that run it; every page works without. No inline code, nothing but our own
// server is asked (the content security policy sees to both).
"use strict";

// The number of alerts, without reloading the page (D-ALERT-13).
const badge = document.querySelector("[data-alerts]");
if (badge) {
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(badge.dataset.alerts, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const { total, text } = await answer.json();
      badge.querySelector("b").textContent = total;
      badge.title = text;
      badge.classList.toggle("some", total > 0);
    } catch { /* the server is away: the old number stays */ }
  };
  setInterval(refresh, 20000);
  document.addEventListener("visibilitychange", refresh);
}

// Lists that show what goes on right now (D-MSG-04).
const live = document.querySelector("[data-live]");
if (live) {
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-live]");
      // The same rows stay in place: whoever reads or selects is not disturbed.
      if (now && now.innerHTML !== live.innerHTML) live.replaceChildren(...now.childNodes);
    } catch { /* the server is away: the old rows stay */ }
  };
  setInterval(refresh, 3000);
  document.addEventListener("visibilitychange", refresh);
}

// One box that ticks all the others of its table.
for (const all of document.querySelectorAll("input[data-all]")) {
  all.hidden = false;
  const boxes = () => all.closest("table").querySelectorAll("tbody input[type=checkbox]");
  all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  all.closest("table").addEventListener("change", () => {
    const ticked = [...boxes()].filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
  });
}

// A question before what cannot be undone in one click.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A menu closes when the reader goes on elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Lists of names (attributes, packages): find one and add it as a line.
for (const picker of document.querySelectorAll("[data-suggest]")) {
  const lines = picker.querySelector("textarea");
  const row = picker.querySelector(".picker-add");
  const input = row.querySelector("input");
  const options = row.querySelector("datalist");
  row.hidden = false;
  let timer;
  const add = () => {
    const value = input.value.trim();
    if (!value) return;
    const have = lines.value.split("\n").map((line) => line.trim()).filter(Boolean);
    if (!have.includes(value)) have.push(value);
    lines.value = have.join("\n") + "\n";
    input.value = "";
  };
  const search = async () => {
    const url = new URL(picker.dataset.suggest, location.href);
    url.searchParams.set("q", input.value);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const { items } = await answer.json();
      options.replaceChildren(...items.map((item) => {
        const option = document.createElement("option");
        option.value = item.name;
        option.label = item.about;
        return option;
      }));
    } catch { /* typing the name works as well */ }
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 180); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); add(); }
  });
  row.querySelector("button").addEventListener("click", add);
}
