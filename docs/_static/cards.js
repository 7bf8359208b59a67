/* Cards: what a number, a term or a source says, beside its link. A pointer, the keyboard and a first tap show them. */
"use strict";

const card = document.createElement("div");
card.className = "card";
card.role = "tooltip";
card.hidden = true;
document.body.append(card);

const shown = { link: null, timer: 0, touch: false };
const texts = new Map();

/* The seeds of a claim as dots between the smallest and the largest value. */
const drawDots = (line) => {
  const [low, high] = line.textContent.split(" ");
  const dots = document.createElement("span");
  dots.className = "card-dots";
  for (const share of line.dataset.dots.split(" ")) {
    dots.append(Object.assign(document.createElement("i"), { style: `left: ${share}%` }));
  }
  line.replaceChildren(low, dots, high);
};
for (const line of document.querySelectorAll(".cards [data-dots]")) drawDots(line);

const hide = () => {
  clearTimeout(shown.timer);
  card.hidden = true;
  shown.link = null;
};

/* Below its link, or above where there is more room, and never over the edge of the window. */
const place = (link) => {
  const [box] = link.getClientRects(), room = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(box.left, room - card.offsetWidth - 8));
  const below = box.bottom + card.offsetHeight + 12 < innerHeight || box.top < card.offsetHeight + 12;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${scrollY + (below ? box.bottom + 6 : box.top - card.offsetHeight - 6)}px`;
};

const show = (link) => {
  clearTimeout(shown.timer);
  if (shown.link === link) return;
  shown.link = link;
  const on = Object.assign(document.createElement("a"), { href: link.href, textContent: "Read on", tabIndex: -1 });
  card.replaceChildren(...[...texts.get(link).childNodes].map((node) => node.cloneNode(true)), on);
  card.hidden = false;
  place(link);
};

const later = (action, wait) => {
  clearTimeout(shown.timer);
  shown.timer = setTimeout(action, wait);
};

/* The text of a link's card; a source has it in its title, which would else be shown beside the card. */
const textOf = (link) => {
  const name = decodeURIComponent(link.hash.slice(1));
  const text = document.getElementById(`card-${name}`);
  if (text || !name.startsWith("cite-") || !link.title) return text;
  const made = Object.assign(document.createElement("div"), { id: `card-${name}`, hidden: true });
  made.append(Object.assign(document.createElement("p"), { textContent: link.title }));
  document.body.append(made);
  return made;
};

for (const link of document.querySelectorAll("article a[href*='#']")) {
  const text = textOf(link);
  if (!text) continue;
  texts.set(link, text);
  link.removeAttribute("title");
  link.setAttribute("aria-describedby", text.id);
  link.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && later(() => show(link), 150));
  link.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && later(hide, 250));
  link.addEventListener("pointerdown", ({ pointerType }) => (shown.touch = pointerType !== "mouse"));
  link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
  link.addEventListener("blur", () => later(hide, 100));
  link.addEventListener("click", (event) => {
    if (!shown.touch || shown.link === link) return;
    event.preventDefault(); // the first tap shows, the second leads on
    show(link);
  });
}

card.addEventListener("pointerenter", () => clearTimeout(shown.timer));
card.addEventListener("pointerleave", () => later(hide, 250));
addEventListener("keydown", ({ key }) => key === "Escape" && hide());
addEventListener("pointerdown", ({ target }) => shown.link?.contains(target) || card.contains(target) || hide());
addEventListener("resize", hide);
