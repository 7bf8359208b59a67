/* On paper the answers stand at the end of the lesson, so that nobody reads them with the question. */
"use strict";

let printedAnswers = null;

addEventListener("beforeprint", () => {
  const quizzes = [...document.querySelectorAll("article .quiz")].filter((quiz) => quiz.querySelector("details"));
  if (printedAnswers || !quizzes.length) return;
  printedAnswers = document.createElement("section");
  printedAnswers.className = "printed-answers";
  printedAnswers.innerHTML = "<h2>Answers</h2>";
  for (const quiz of quizzes) {
    const answer = quiz.querySelector("details");
    const question = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = quiz.querySelector("legend").textContent;
    question.append(strong);
    const list = answer.querySelector("ul").cloneNode(true);
    answer.classList.add("answered-below");
    const one = document.createElement("div");
    one.className = "quiz";
    one.append(question, list);
    printedAnswers.append(one);
  }
  document.querySelector("article").append(printedAnswers);
});

addEventListener("afterprint", () => {
  printedAnswers?.remove();
  printedAnswers = null;
  for (const answer of document.querySelectorAll(".answered-below")) answer.classList.remove("answered-below");
});
