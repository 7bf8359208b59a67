// The baseline of a claim: read out with its link, and put away by Escape until the reader comes back.
for (const note of document.querySelectorAll(".claim-baseline")) {
  const place = note.parentElement;
  const link = place.querySelector("a");
  if (!link) continue;
  link.setAttribute("aria-describedby", note.id);
  for (const come of ["pointerenter", "focusin"]) {
    place.addEventListener(come, () => place.classList.remove("claim-dismissed"));
  }
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const place of document.querySelectorAll(".claim:is(:hover, :focus-within)")) {
    place.classList.add("claim-dismissed");
  }
});
