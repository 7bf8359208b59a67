/* Plays the frames of `.. animation::`: all frames stand one below the other in one picture. */
"use strict";

for (const player of document.querySelectorAll(".animation-player")) {
  const canvas = player.querySelector("canvas");
  const button = player.querySelector("button");
  const slider = player.querySelector("input");
  const shown = player.querySelector("output");
  const labels = JSON.parse(player.dataset.labels);
  const frames = new Image();
  let timer = null;
  let visible = true;

  const show = (frame) => {
    const { width, height } = canvas;
    canvas.getContext("2d").drawImage(frames, 0, frame * height, width, height, 0, 0, width, height);
    slider.value = frame + 1;
    slider.setAttribute("aria-valuetext", labels[frame]);
    shown.textContent = labels[frame];
  };

  const play = () => {
    shown.setAttribute("aria-live", "off");
    button.textContent = "Pause";
    timer = setInterval(() => {
      if (visible) show(slider.value % labels.length);
    }, 1000 / player.dataset.fps);
  };

  const pause = () => {
    clearInterval(timer);
    timer = null;
    button.textContent = "Play";
  };

  button.addEventListener("click", () => {
    if (timer === null) return play();
    pause();
    shown.setAttribute("aria-live", "polite"); // the frame at which it stopped is news, those before were not
    show(slider.value - 1);
  });
  slider.addEventListener("input", () => {
    pause();
    shown.setAttribute("aria-live", "off"); // the slider itself tells its value
    show(slider.value - 1);
  });
  const dark = () => {
    const { theme } = document.body.dataset;
    return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  };
  const choose = () => {
    frames.src = (dark() && player.dataset.spriteDark) || player.dataset.sprite;
  };

  frames.addEventListener("load", () => {
    if (!player.hidden) return show(slider.value - 1); // the page has changed between light and dark
    player.hidden = false;
    player.parentElement.classList.add("animation-ready");
    show(0);
    new IntersectionObserver(([entry]) => (visible = entry.isIntersecting)).observe(canvas);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
  });
  choose();
  if (player.dataset.spriteDark) {
    new MutationObserver(choose).observe(document.body, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", choose);
  }
}
