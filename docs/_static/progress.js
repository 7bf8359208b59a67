/* Remembers which questions, parts and lessons are done, in this browser only; shows it on the map and in the sidebar. */
"use strict";

/* Questions of lesson 10 and 11 had other addresses while the two were one lesson. */
const formerKey = (key) => key.replace(/^(quiz\/lessons\/)(?:factors|labels)(?=\/)/, "$1structure");

const courseMemory = {
  /* A page opened as a file may be refused a memory; then nothing is remembered. */
  done(key) {
    try {
      return [key, formerKey(key)].some((name) => localStorage.getItem(`latent-course/${name}`) === "done");
    } catch {
      return false;
    }
  },
  remember(key, done) {
    try {
      if (done) localStorage.setItem(`latent-course/${key}`, "done");
      else for (const name of [key, formerKey(key)]) localStorage.removeItem(`latent-course/${name}`);
    } catch {
      return;
    }
    dispatchEvent(new CustomEvent("course-progress"));
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
