"use strict";
// Tables of the class "sortable": a click on a heading sorts by it, another one turns the order around.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    // No <button>: Chromium would not repeat the headings on every printed page.
    const button = document.createElement("span");
    button.tabIndex = 0;
    button.role = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener("click", () => {
      const direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      const compare = (a, b) => compareCells(a.cells[column], b.cells[column], direction);
      body.append(...[...body.rows].sort(compare));
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    });
  });
}

// A field of the class "filter" hides the rows of the table after it that do not hold its text.
for (const field of document.querySelectorAll("input.filter")) {
  const rows = [...field.parentElement.nextElementSibling.querySelector("tbody").rows];
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}

// A plot of the class "whole" fits into the screen; a tap shows it large, another one small again.
for (const figure of document.querySelectorAll("figure.whole")) {
  figure.querySelector("img").addEventListener("click", () => figure.classList.toggle("large"));
}

// A box whose content goes on to the right or below fades out there.
function fade(box) {
  box.classList.toggle("right", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
  box.classList.toggle("below", box.scrollTop + box.clientHeight < box.scrollHeight - 2);
}
const sizes = new ResizeObserver((entries) => entries.forEach((entry) => fade(entry.target.closest(".scroll"))));
for (const box of document.querySelectorAll(".scroll")) {
  box.addEventListener("scroll", () => fade(box), { passive: true });
  for (const part of [box, ...box.children]) sizes.observe(part);
}

// Paper cannot be unfolded.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((details) => (details.open = true)));

// Numbers come before texts, and what is empty comes last, in either order.
function compareCells(a, b, direction) {
  const keys = [a, b].map((cell) => ("key" in cell.dataset ? Number(cell.dataset.key) : null));
  if (keys[0] !== null && keys[1] !== null) return direction * (keys[0] - keys[1]);
  if (keys[0] !== null || keys[1] !== null) return keys[0] === null ? 1 : -1;
  const texts = [a, b].map((cell) => cell.textContent.trim());
  if (texts.some((text) => text === "" || text === "–")) return (texts[0] === "" || texts[0] === "–") - (texts[1] === "" || texts[1] === "–");
  return direction * texts[0].localeCompare(texts[1], "en", { numeric: true });
}
