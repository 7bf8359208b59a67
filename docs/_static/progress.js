/* Remembers which questions and parts are done, in this browser only, and shows it on the map. */
"use strict";

const courseMemory = {
  /* A page opened as a file may be refused a memory; then nothing is remembered. */
  done(key) {
    try {
      return localStorage.getItem(`latent-course/${key}`) === "done";
    } catch {
      return false;
    }
  },
  remember(key, done) {
    try {
      if (done) localStorage.setItem(`latent-course/${key}`, "done");
      else localStorage.removeItem(`latent-course/${key}`);
      return true;
    } catch {
      return false;
    }
  },
};

for (const box of document.querySelectorAll("input[data-part]")) {
  const key = `part/${box.dataset.part}`;
  box.checked = courseMemory.done(key);
  box.parentElement.hidden = false;
  box.addEventListener("change", () => courseMemory.remember(key, box.checked));
}

const showProgress = () => {
  for (const progress of document.querySelectorAll(".lesson-progress")) {
    const keys = JSON.parse(progress.dataset.keys);
    const done = keys.filter((key) => courseMemory.done(key)).length;
    progress.querySelector("progress").value = done;
    progress.querySelector("span").textContent = done === keys.length ? "✓ done" : `${done} of ${keys.length} done`;
    progress.hidden = done === 0; // an empty bar greets nobody
  }
};

addEventListener("pageshow", showProgress); // also when the reader comes back by the browser's own button
