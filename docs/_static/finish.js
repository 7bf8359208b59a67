/* When all questions and parts of a lesson are done: a few words and a tick at its end, and a tick in the sidebar. */
"use strict";

const finish = document.querySelector(".finish");
const LESSON = /lessons\/[^/]+\/lesson(?=\.html)/;
const lessonLinks = [...document.querySelectorAll(".sidebar-tree a")].filter(({ href }) => LESSON.test(href));

/* Some points, at random as draws from the prior; then they are decoded to a tick. */
const decodeTick = (dots) => {
  const SVG = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 96 72");
  picture.setAttribute("aria-hidden", "true");
  const noise = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  for (let number = 0; number < dots; number += 1) {
    const way = (number / (dots - 1)) * 3; // a third of it down, the rest up
    const [x, y] = way < 1 ? [22 + 18 * way, 36 + 18 * way] : [40 + 17 * (way - 1), 54 - 19 * (way - 1)];
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y);
    dot.setAttribute("r", 3);
    dot.style = `--x: ${(48 + 14 * noise() - x).toFixed(1)}px; --y: ${(36 + 11 * noise() - y).toFixed(1)}px`;
    picture.append(dot);
  }
  return picture;
};

const celebrate = () => {
  const all = lessonLinks.every(({ href }) => courseMemory.done(`lesson/${href.match(LESSON)[0]}`));
  const title = document.createElement("strong"), words = document.createElement("span"), both = document.createElement("p");
  title.textContent = all ? "You have done the whole course." : "This lesson is done.";
  words.textContent = all
    ? `All ${lessonLinks.length} lessons, every question and every part. What you can check now, few can: go and look into a model of your own.`
    : "Every question is answered and every part is ticked.";
  both.append(title, " ", words);
  finish.classList.toggle("finish-course", all);
  finish.replaceChildren(decodeTick(all ? 60 : 30), both);
  new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && finish.classList.add("seen")).observe(finish);
};

const markLessons = () => {
  for (const link of lessonLinks) {
    const done = courseMemory.done(`lesson/${link.href.match(LESSON)[0]}`);
    let tick = link.querySelector(".lesson-tick");
    if (done && !tick) {
      tick = Object.assign(document.createElement("span"), { className: "lesson-tick", textContent: "✓" });
      tick.setAttribute("role", "img");
      tick.setAttribute("aria-label", "done");
      link.append(" ", tick);
    } else if (!done) tick?.remove();
  }
};

const look = () => {
  if (finish) {
    const questions = [...document.querySelectorAll(".quiz")].map(({ dataset }) => `quiz/${dataset.key}`);
    const parts = [...document.querySelectorAll("input[data-part]")].map(({ dataset }) => `part/${dataset.part}`);
    const keys = [...questions, ...parts], done = keys.length > 0 && keys.every((key) => courseMemory.done(key));
    const lesson = `lesson/${finish.dataset.lesson}`;
    if (done !== courseMemory.done(lesson)) courseMemory.remember(lesson, done);
    if (done && !finish.childElementCount) celebrate();
    else if (!done) finish.replaceChildren();
  }
  markLessons();
};

addEventListener("course-progress", look);
addEventListener("pageshow", look);
