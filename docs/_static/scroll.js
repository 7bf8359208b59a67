/* What is wider than the page: a table's cells are stacked; the keyboard scrolls all else, and its end shows that there is more. */
"use strict";

const WIDE = "article pre, .scroll-box, .table-wrapper";

const markEnd = (box) => box.classList.toggle("has-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);

/* Each cell then says the name of its column. */
const stackWideTables = () => {
  for (const box of document.querySelectorAll(".table-wrapper")) {
    const table = box.querySelector("table");
    table.classList.remove("stacked");
    if (box.scrollWidth <= box.clientWidth) continue;
    table.classList.add("stacked");
    const names = [...table.querySelectorAll("thead tr:last-child th")].map((cell) => cell.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, column) => names[column] && (cell.dataset.label = names[column]));
    }
  }
};

const markWideBoxes = () => {
  stackWideTables();
  for (const box of document.querySelectorAll(WIDE)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    markEnd(box);
  }
};

addEventListener("resize", markWideBoxes);
addEventListener("load", markWideBoxes, true); // of the page, and of every picture that comes late
document.fonts.addEventListener("loadingdone", markWideBoxes); // formulas grow into their fonts
addEventListener("scroll", ({ target }) => target !== document && target.matches(WIDE) && markEnd(target), true);
markWideBoxes();
