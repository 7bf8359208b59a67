/* One image's cloud under a magnifier: two ellipses, the draws of eps so far, and the last one. On the map itself a cloud
   is often smaller than the point. */
"use strict";

latentExplorer.drawCloud = (explorer, context, at, dpr) => {
  const { look, sign, dot } = latentExplorer;
  const { state, model, data, plane } = explorer;
  const { ink, faint, paper, accent } = look();
  const [long, short, turn] = latentExplorer.ellipse(plane, model.sigma[state.image]);
  const size = 0.36 * context.canvas.width;
  const gap = 10 * dpr;
  const crowded = at[0] > context.canvas.width / 2 && at[1] < context.canvas.height / 2;
  const [left, top] = crowded ? [gap, context.canvas.height - size - gap] : [context.canvas.width - size - gap, gap];
  const [x, y] = [left + size / 2, top + size / 2];
  const scale = size / 2 / (3.2 * long); // pixels for one unit of z
  context.save();
  context.beginPath();
  context.roundRect(left, top, size, size, 6 * dpr);
  [context.fillStyle, context.strokeStyle, context.lineWidth] = [paper, faint, dpr];
  context.fill();
  context.stroke();
  context.clip();
  context.strokeStyle = context.fillStyle = latentExplorer.colourOf(look(), data.labels[state.image]);
  for (const sigma of [2, 1]) {
    context.beginPath();
    context.ellipse(x, y, sigma * long * scale, sigma * short * scale, -turn, 0, 2 * Math.PI);
    context.globalAlpha = 0.14;
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  }
  context.fillStyle = accent;
  for (let draw = Math.max(1, state.draws - 100); draw <= state.draws; draw++) {
    const away = latentExplorer.draw(model, state.image, draw).map((value, d) => value - model.mu[state.image][d]);
    context.globalAlpha = draw === state.draws ? 1 : 0.5;
    context.beginPath();
    context.arc(x + dot(away, plane.u) * scale, y - dot(away, plane.v) * scale, (draw === state.draws ? 5 : 2.2) * dpr, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  const picture = sign(data, data.labels[state.image], 6.5 * dpr, 2.2 * dpr, false);
  context.drawImage(picture, x - picture.width / 2, y - picture.height / 2);
  [context.fillStyle, context.font, context.textAlign] = [ink, `${12 * dpr}px system-ui, sans-serif`, "left"];
  const times = (scale * plane.half * 2) / context.canvas.width;
  context.fillText(`its cloud, × ${times < 10 ? times.toFixed(1) : Math.round(times)}`, left + 7 * dpr, top + size - 8 * dpr);
  context.restore();
};
