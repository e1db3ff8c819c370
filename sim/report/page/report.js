"use strict";
for (const table of document.querySelectorAll("table[data-sorts]")) {
  const body = table.tBodies[0];
  [...table.tHead.rows[0].cells].forEach((head, place) => {
    if (!head.textContent) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = row => row.cells[place].dataset.sort ?? row.cells[place].textContent.trim();
      const order = (one, other) => {
        const [a, b] = [value(one), value(other)];
        const [x, y] = [parseFloat(a.replace(/[,%>< ]/g, "")), parseFloat(b.replace(/[,%>< ]/g, ""))];
        return head.classList.contains("number") && x === x && y === y ? x - y : a.localeCompare(b);
      };
      const rows = [...body.rows].sort(order);
      body.append(...(up ? rows : rows.reverse()));
    });
  });
}
for (const table of document.querySelectorAll("table[data-searched]")) {
  const search = table.previousElementSibling, field = search.querySelector("input");
  const said = search.querySelector("output"), rows = [...table.tBodies[0].rows];
  const filter = () => {
    const wanted = field.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    said.textContent = `${rows.filter(row => !row.hidden).length} of ${rows.length} rows`;
  };
  field.addEventListener("input", filter);
  filter();
}
for (const reader of document.querySelectorAll(".reader")) {
  const field = reader.querySelector("input"), said = reader.querySelector("output");
  const table = reader.parentElement.querySelector("table");
  const names = [...table.tHead.rows[0].cells].map(cell => cell.textContent);
  const tell = () => {
    const cells = [...table.tBodies[0].rows[field.value].cells].map(cell => cell.textContent.trim());
    const amounts = cells.slice(1).map((text, at) => {
      const [value, ...range] = text.split(/\s+/);
      return `${names[at + 1].toLowerCase()} ${value} (${range.join(" ")})`;
    });
    said.textContent = `End of ${cells[0]}: ${amounts.join(", ")} bn`;
    field.setAttribute("aria-valuetext", cells[0]);
  };
  field.addEventListener("input", tell);
  reader.hidden = false;
  tell();
}
