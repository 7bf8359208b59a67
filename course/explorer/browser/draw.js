/* How things look: the course's colours, a marker for each class, images as ink on paper or as light on dark. */
"use strict";

latentExplorer.looks = {
  light: {
    ink: "#1b1f24", faint: "#8a919b", paper: "#ffffff", accent: "#0b57b0",
    classes: ["#b34700", "#0072b2", "#008060", "#a3487b", "#7a6a00", "#5e3fbe", "#00798c", "#c2185b", "#4a4a4a", "#7f3b08"],
  },
  dark: {
    ink: "#e6e9ee", faint: "#7d8590", paper: "#131416", accent: "#7cb7ff",
    classes: ["#f0a050", "#56b4e9", "#3ec99e", "#e39ac3", "#d6c84a", "#b39ddb", "#4dd0e1", "#ff80ab", "#c0c0c0", "#d7a86e"],
  },
};

latentExplorer.isDark = () => {
  const chosen = document.body.dataset.theme;
  return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
};

latentExplorer.look = () => latentExplorer.looks[latentExplorer.isDark() ? "dark" : "light"];

/* A class has one of ten colours and one of ten markers; after ten classes they meet in other pairs. */
latentExplorer.colourOf = (look, label) => look.classes[label % 10];

/* A marker looks like the pattern it stands for; all else gets plain shapes. */
latentExplorer.marker = (context, data, label, x, y, r) => {
  const line = (...ends) => {
    context.beginPath();
    for (let k = 0; k < ends.length; k += 4) {
      context.moveTo(x + r * ends[k], y + r * ends[k + 1]);
      context.lineTo(x + r * ends[k + 2], y + r * ends[k + 3]);
    }
    context.stroke();
  };
  const shape = (corners, turn = 0, inner = 1) => {
    context.beginPath();
    for (let k = 0; k < corners; k++) {
      const reach = k % 2 ? inner * r : r;
      const angle = turn + (2 * Math.PI * k) / corners;
      context.lineTo(x + reach * Math.sin(angle), y - reach * Math.cos(angle));
    }
    context.closePath();
    context.stroke();
  };
  if (data.patterns) return [
    () => line(-0.8, -0.8, 0.8, 0.8), () => line(-1, 0, 1, 0), () => line(0, -1, 0, 1), () => line(-1, 0, 1, 0, 0, -1, 0, 1),
  ][label]();
  return [
    () => line(-1, 0, 1, 0, 0, -1, 0, 1), () => line(0, -1, 0, 1), () => shape(4, Math.PI / 4), () => shape(3),
    () => shape(4), () => line(-1, 0, 1, 0), () => shape(20), () => shape(3, Math.PI),
    () => shape(10, 0, 0.4), () => line(-0.8, -0.8, 0.8, 0.8, -0.8, 0.8, 0.8, -0.8),
  ][(label + Math.floor(label / 10)) % 10]();
};

/* A marker as a small picture, made once: hundreds of them are drawn in a frame. With a rim it is seen on any ground. */
latentExplorer.sign = (data, label, radius, width, rim) => {
  const { looks, isDark, marker, colourOf } = latentExplorer;
  const dark = isDark();
  const key = [data.patterns, label, radius, width, rim, dark].join();
  const kept = latentExplorer.signs.get(key);
  if (kept) return kept;
  const look = looks[dark ? "dark" : "light"];
  const half = Math.ceil(radius + 2 * width + 1);
  const canvas = latentExplorer.make("canvas", { width: 2 * half, height: 2 * half });
  const context = canvas.getContext("2d");
  for (const [colour, thick] of [[look.paper, rim ? 2.2 * width : 0], [colourOf(look, label), width]]) {
    [context.strokeStyle, context.lineWidth] = [colour, thick];
    if (thick) marker(context, data, label, half, half, radius);
  }
  latentExplorer.signs.set(key, canvas);
  return canvas;
};
latentExplorer.signs = new Map();

/* Writes pixels (side * side, in [0, 1]) into an ImageData at a place given in pixels. */
latentExplorer.paint = (target, pixels, side, left = 0, top = 0) => {
  const dark = latentExplorer.isDark();
  for (let row = 0, k = 0; row < side; row++) {
    for (let at = 4 * ((top + row) * target.width + left), column = 0; column < side; column++, k++, at += 4) {
      const grey = Math.round(255 * (dark ? pixels[k] : 1 - pixels[k]));
      target.data[at] = target.data[at + 1] = target.data[at + 2] = grey;
      target.data[at + 3] = 255;
    }
  }
};

latentExplorer.showImage = (canvas, pixels, side) => {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  latentExplorer.paint(image, pixels, side);
  context.putImageData(image, 0, 0);
};

/* Makes the canvas as sharp as the screen. Its size is asked for only after something has changed size, because an
   answer costs the browser a layout of the page. */
latentExplorer.sizes = 1;
latentExplorer.fit = (canvas) => {
  if (canvas.fitted === latentExplorer.sizes) return;
  canvas.fitted = latentExplorer.sizes;
  const scale = Math.min(2, devicePixelRatio || 1);
  [canvas.wide, canvas.high] = [canvas.clientWidth, canvas.clientHeight];
  const [width, height] = [canvas.wide, canvas.high].map((size) => Math.round(size * scale));
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  canvas.dots = canvas.width / Math.max(1, canvas.wide); // of the screen, for one pixel of the page
};

/* An element, its attributes and what stands in it. */
latentExplorer.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/* A part with a title of its own; a heading would need to know on which level of the page it stands. */
latentExplorer.section = (name, title, ...children) => latentExplorer.make(
  "div", { class: `explorer-section explorer-${name}`, role: "group", "aria-label": title },
  latentExplorer.make("p", { class: "explorer-title", "aria-hidden": "true" }, title), ...children);

/* A control with a word before it. */
latentExplorer.field = (word, control) => {
  control.setAttribute("aria-label", word);
  return latentExplorer.make("span", { class: "explorer-field" }, latentExplorer.make("span", { "aria-hidden": "true" }, word), control);
};

/* With a minus sign, and no minus before a zero. */
latentExplorer.number = (value, digits = 2) => value.toFixed(digits).replace(/^-(?=[0.]*$)/, "").replace("-", "\u2212");
