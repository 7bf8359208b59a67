/* Opens what a link or a search leads into, gives an opened part its address, and opens hints one after another. */
"use strict";

const revealDetails = (element) => {
  for (let node = element; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
};

const revealTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest("details")) return;
  revealDetails(target);
  target.scrollIntoView();
};

for (const summary of document.querySelectorAll("details[id] > summary")) {
  summary.addEventListener("click", (event) => {
    const locked = summary.getAttribute("aria-disabled") === "true";
    if (locked) event.preventDefault();
    else if (!summary.parentElement.open) history.replaceState(null, "", `#${summary.parentElement.id}`);
  });
}

for (const group of document.querySelectorAll(".hints")) {
  const hints = [...group.querySelectorAll("details.hint")];
  const lock = (hint, locked) => hint.querySelector("summary").setAttribute("aria-disabled", locked);
  hints.forEach((hint, number) => {
    lock(hint, number > 0);
    hint.addEventListener("toggle", () => {
      for (const reached of hints.slice(0, number + 2)) lock(reached, false);
    });
  });
}

/* The search marks its words a moment after the page is there. */
new MutationObserver(() => {
  for (const word of document.querySelectorAll("details:not([open]) .highlighted")) revealDetails(word);
}).observe(document.querySelector("article"), { childList: true, subtree: true });
addEventListener("hashchange", revealTarget);
revealTarget();
