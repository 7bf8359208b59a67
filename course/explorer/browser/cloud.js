/* One image's cloud under a magnifier: two ellipses, the draws of eps so far, and the last one. On the map itself a cloud
   is often smaller than the point. */
"use strict";

/* One and two sigma of a Gaussian: half axes and an angle, in units of which each is `scale` pixels long. */
latentExplorer.drawEllipses = (context, at, [long, short, turn], scale, colour, width) => {
  [context.strokeStyle, context.fillStyle, context.lineWidth] = [colour, colour, width];
  for (const sigma of [2, 1]) {
    context.beginPath();
    context.ellipse(...at, Math.max(1, sigma * long * scale), Math.max(1, sigma * short * scale), -turn, 0, 2 * Math.PI);
    context.globalAlpha = 0.14;
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  }
};

latentExplorer.drawCloud = (explorer, context, at, dpr) => {
  const { look, sign, dot } = latentExplorer;
  const { state, data, plane } = explorer;
  const { ink, faint, paper, accent } = look();
  const cloud = latentExplorer.cloud(explorer, state.image);
  const ellipse = latentExplorer.ellipse(plane, cloud.sigma);
  const size = 0.36 * context.canvas.width;
  const gap = 10 * dpr;
  const crowded = at[0] > context.canvas.width / 2 && at[1] < context.canvas.height / 2;
  const [left, top] = crowded ? [gap, context.canvas.height - size - gap] : [context.canvas.width - size - gap, gap];
  const [x, y] = [left + size / 2, top + size / 2];
  const scale = size / 2 / (3.2 * ellipse[0]); // pixels for one unit of z
  context.save();
  context.beginPath();
  context.roundRect(left, top, size, size, 6 * dpr);
  [context.fillStyle, context.strokeStyle, context.lineWidth] = [paper, faint, dpr];
  context.fill();
  context.stroke();
  context.clip();
  const colour = state.image < 0 ? accent : latentExplorer.colourOf(look(), data.labels[state.image]);
  latentExplorer.drawEllipses(context, [x, y], ellipse, scale, colour, dpr);
  context.fillStyle = accent;
  for (let draw = Math.max(1, state.draws - 100); draw <= state.draws; draw++) {
    const away = latentExplorer.draw(cloud, draw).map((value, d) => value - cloud.mu[d]);
    context.globalAlpha = draw === state.draws ? 1 : 0.5;
    context.beginPath();
    context.arc(x + dot(away, plane.u) * scale, y - dot(away, plane.v) * scale, (draw === state.draws ? 5 : 2.2) * dpr, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  if (state.image < 0) latentExplorer.drawOwnSign(context, x, y, dpr);
  else {
    const picture = sign(data, data.labels[state.image], 6.5 * dpr, 2.2 * dpr, false);
    context.drawImage(picture, x - picture.width / 2, y - picture.height / 2);
  }
  [context.fillStyle, context.font, context.textAlign] = [ink, `${12 * dpr}px system-ui, sans-serif`, "left"];
  const times = (scale * plane.half * 2) / context.canvas.width;
  context.fillText(`its cloud, × ${times < 10 ? times.toFixed(1) : Math.round(times)}`, left + 7 * dpr, top + size - 8 * dpr);
  context.restore();
};
