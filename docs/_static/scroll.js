/* Lets the keyboard scroll what is wider than the page (formulas, code, tables, figures), and shows that there is more. */
"use strict";

const WIDE = "article pre, .scroll-box, .table-wrapper";

const markEnd = (box) => box.classList.toggle("has-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);

const markWideBoxes = () => {
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
