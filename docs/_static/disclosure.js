/* Opens what a link leads into, gives an opened part its address, and opens hints one after another. */
"use strict";

const revealDetails = (element) => {
  for (let node = element; node; node = node.parentElement) {
    if (node.tagName === "DETAILS") node.open = true;
    for (let hint = node; hint?.matches(".hint"); hint = hint.previousElementSibling) hint.hidden = false;
  }
};

const revealTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest("details")) return;
  revealDetails(target);
  target.scrollIntoView();
};

for (const summary of document.querySelectorAll("details[id] > summary")) {
  summary.addEventListener("click", () => {
    if (!summary.parentElement.open) history.replaceState(null, "", `#${summary.parentElement.id}`);
  });
}

/* A hint is there when the one before it was opened. */
for (const group of document.querySelectorAll(".hints")) {
  const hints = [...group.querySelectorAll("details.hint")];
  const show = (count) => hints.slice(0, count).forEach((hint) => (hint.hidden = false));
  hints.forEach((hint, number) => {
    hint.hidden = number > 0;
    hint.addEventListener("toggle", () => show(number + 2));
  });
}

addEventListener("hashchange", revealTarget);
revealTarget();
