/* latentExplorer.canvas: how the marker of each name is stroked, and the sign of a class: its marker in its colour. */
"use strict";
{
  /* Strokes lines, each from x, y to x, y, in units of the radius. */
  const lines =
    (...ends) =>
    (context, x, y, radius) => {
      context.beginPath();
      for (let k = 0; k < ends.length; k += 4) {
        context.moveTo(x + radius * ends[k], y + radius * ends[k + 1]);
        context.lineTo(x + radius * ends[k + 2], y + radius * ends[k + 3]);
      }
      context.stroke();
    };

  /* Strokes a polygon, turned to the right from one with a corner on top; every second corner may lie further in. */
  const polygon =
    (corners, turn = 0, inner = 1) =>
    (context, x, y, radius) => {
      context.beginPath();
      for (let k = 0; k < corners; k++) {
        const reach = k % 2 ? inner * radius : radius;
        const angle = turn + (2 * Math.PI * k) / corners;
        context.lineTo(x + reach * Math.sin(angle), y - reach * Math.cos(angle));
      }
      context.closePath();
      context.stroke();
    };

  const cross = lines(-1, 0, 1, 0, 0, -1, 0, 1);
  const MARKERS = {
    diagonal: lines(-0.8, -0.8, 0.8, 0.8),
    horizontal: lines(-1, 0, 1, 0),
    vertical: lines(0, -1, 0, 1),
    cross,
    circle: polygon(20),
    square: polygon(4, Math.PI / 4),
    "triangle up": polygon(3),
    "triangle down": polygon(3, Math.PI),
    "triangle left": polygon(3, -Math.PI / 2),
    "triangle right": polygon(3, Math.PI / 2),
    diamond: polygon(4),
    plus: cross,
    x: lines(-0.8, -0.8, 0.8, 0.8, -0.8, 0.8, 0.8, -0.8),
    star: polygon(10, 0, 0.4),
  };

  const kept = new Map();

  const render = (look, label, marker, { radius, width, rim }) => {
    const half = Math.ceil(radius + 2 * width + 1);
    const canvas = latentExplorer.ui.make("canvas", { width: 2 * half, height: 2 * half });
    const context = canvas.getContext("2d");
    const stroke = (colour, lineWidth) => {
      Object.assign(context, { strokeStyle: colour, lineWidth });
      MARKERS[marker](context, half, half, radius);
    };
    if (rim) stroke(look.paper, 2.2 * width);
    stroke(look.classes[label], width);
    return canvas;
  };

  /* A small picture, made once: hundreds of them are rendered in a frame. With a rim it is seen on any background. */
  latentExplorer.canvas.sign = (data, label, radius, width, rim = false) => {
    const look = latentExplorer.canvas.look(data);
    const marker = data.markers[label];
    const key = [look.classes[label], look.paper, marker, radius, width, rim].join();
    if (!kept.has(key)) kept.set(key, render(look, label, marker, { radius, width, rim }));
    return kept.get(key);
  };

  /* A sign with its middle at x, y. */
  latentExplorer.canvas.renderSign = (context, sign, [x, y]) =>
    context.drawImage(sign, x - sign.width / 2, y - sign.height / 2);
}
