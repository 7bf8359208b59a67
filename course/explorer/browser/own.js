/* The reader's own drawing: what the encoder says of it, its mark on the map, its pixels as a word for the address. */
"use strict";

latentExplorer.OWN = -2; // as state.image: the point is in the cloud of the reader's drawing, not of an image of the set

/* What is on the board: the reader's drawing; before the first stroke the image at hand, or that nearest to the point. */
latentExplorer.drawn = ({ state, model, data }) =>
  state.x ?? data.images[state.image >= 0 ? state.image : latentExplorer.closest(model.mu, state.z)];

/* Its Gaussian, its decode at mu, and what both cost in nats; null where no encoder is, as at a moment of the training. */
latentExplorer.seen = (explorer) => {
  const { state, model } = explorer;
  const encoder = state.stage === null ? latentExplorer.encoders[state.model] : null;
  if (!encoder) return null;
  const [x, before] = [latentExplorer.drawn(explorer), explorer.weighed];
  if (before?.x === x && before.model === model && before.label === state.label) return before;
  const { mu, logVar } = latentExplorer.encode(model, encoder, x, state.label);
  const reconstruction = latentExplorer.reconstruction(model, x, mu, state.label);
  const kl = logVar && latentExplorer.divergence(mu, logVar);
  const costs = logVar ? { reconstruction, kl, bound: reconstruction + kl } : { reconstruction };
  const sigma = logVar && logVar.map((value) => Math.exp(value / 2));
  return (explorer.weighed = { x, model, label: state.label, mu, logVar, sigma, costs, pixels: latentExplorer.decode(model, mu, state.label) });
};

/* The Gaussian of an image of the set, or of the drawing; null where nobody knows it. */
latentExplorer.cloud = (explorer, image) => {
  const { state, model } = explorer;
  if (image === latentExplorer.OWN) return state.x && latentExplorer.seen(explorer);
  return image < 0 ? null : { mu: model.mu[image], sigma: model.sigma?.[image] };
};

/* A diamond, filled, unlike the sign of any class. */
latentExplorer.drawOwnSign = (context, x, y, dpr) => {
  const { accent, paper } = latentExplorer.look();
  context.beginPath();
  for (const [dx, dy] of [[0, -8], [8, 0], [0, 8], [-8, 0]]) context.lineTo(x + dx * dpr, y + dy * dpr);
  context.closePath();
  [context.fillStyle, context.strokeStyle, context.lineWidth] = [accent, paper, 4 * dpr];
  context.stroke();
  context.fill();
};

/* The drawing on the map, also when the point has gone elsewhere; at the edge if it is off the map. */
latentExplorer.drawOwn = (explorer, context, { dpr, scale, toScreen, word }) => {
  const cloud = latentExplorer.cloud(explorer, latentExplorer.OWN);
  if (!cloud) return;
  const { plane } = explorer;
  const edge = 12 * dpr;
  const [x, y] = toScreen(plane.project(cloud.mu)).map((at) => Math.max(edge, Math.min(context.canvas.width - edge, at)));
  if (cloud.sigma) latentExplorer.drawEllipses(context, [x, y], latentExplorer.ellipse(plane, cloud.sigma), scale, latentExplorer.look().accent, 1.5 * dpr);
  latentExplorer.drawOwnSign(context, x, y, dpr);
  const left = x > context.canvas.width - 60 * dpr;
  word("yours", left ? "right" : "left", x + (left ? -15 : 15) * dpr, y + 4.5 * dpr);
};

/* 16 x 16 black and white pixels as 64 hexadecimal digits; null for what they cannot say. */
latentExplorer.toHex = (x) => {
  if (!x || x.length > 256 || x.some((value) => value !== 0 && value !== 1)) return null;
  return Array.from({ length: x.length / 4 }, (_, k) => (8 * x[4 * k] + 4 * x[4 * k + 1] + 2 * x[4 * k + 2] + x[4 * k + 3]).toString(16)).join("");
};

latentExplorer.fromHex = (text) => Float32Array.from({ length: 4 * text.length }, (_, k) => (parseInt(text[k >> 2], 16) >> (3 - (k & 3))) & 1);
