/* Lets the keyboard scroll what is wider than the page: formulas, code and tables. */
"use strict";

const markWideBoxes = () => {
  for (const box of document.querySelectorAll("article pre, .scroll-box, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};

addEventListener("resize", markWideBoxes);
addEventListener("load", markWideBoxes, true); // of the page, and of every picture that comes late
document.fonts.addEventListener("loadingdone", markWideBoxes); // formulas grow into their fonts
markWideBoxes();
