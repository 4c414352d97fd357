"use strict";
// Draws every panel from the page's own numbers, and lets menus and legends change what is shown.
(async () => {
  const { config, drawings } = JSON.parse(document.getElementById("drawings").textContent);
  const views = [];
  const unpacked = ({ columns, rows }) =>
    rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));

  for (const { id, spec, data } of drawings) {
    spec.datasets = Object.fromEntries(
      Object.entries(data).map(([name, table]) => [name, unpacked(table)]));
    const options = { actions: false, renderer: "svg", config, tooltip: { theme: "light" } };
    views.push((await vegaEmbed(document.getElementById(id), spec, options)).view);
  }

  const wide = [...document.querySelectorAll(".wide")];
  const mark = () => wide.forEach((box) =>
    box.classList.toggle("scrolls", box.scrollWidth > box.clientWidth + 1));
  mark();
  addEventListener("resize", mark);

  const tell = (choice, value) => {
    for (const select of document.querySelectorAll(`select[data-choice=${choice}]`))
      select.value = value;
    for (const view of views)
      if (view.container().closest("figure").querySelector(`select[data-choice=${choice}]`))
        view.signal("chosen", value).runAsync();
  };
  for (const select of document.querySelectorAll("select[data-choice]"))
    select.addEventListener("change", () => tell(select.dataset.choice, select.value));
  for (const choice of ["segment", "strategy"]) {
    const select = document.querySelector(`select[data-choice=${choice}]`);
    if (select) tell(choice, select.value);
  }

  const buttons = document.querySelectorAll("button[data-strategy]");
  const focus = (name) => {
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.dataset.strategy === name));
    for (const view of views) view.signal("focus", name).runAsync();
  };
  for (const button of buttons)
    button.addEventListener("click", () =>
      focus(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.strategy));

  await Promise.all(views.map((view) => view.runAsync()));
  mark();
  document.documentElement.dataset.drawn = String(views.length);
})();
