/* Latent vectors: seeded draws, ways between two points, and planes through the latent space. */
"use strict";

/* A function that draws from 0 to 1, the same for the same seed: mulberry32. */
latentExplorer.uniform = (seed) => {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/* The same from N(0, 1), as Box and Muller do it. */
latentExplorer.normal = (seed) => {
  const uniform = latentExplorer.uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
};

latentExplorer.dot = (a, b) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

latentExplorer.mix = (a, b, wa, wb) => Array.from(a, (value, i) => wa * value + wb * b[i]);

latentExplorer.lerp = (a, b, t) => latentExplorer.mix(a, b, 1 - t, t);

/* Along the great circle, on the vectors as they are, as course/latent.py does it. */
latentExplorer.slerp = (a, b, t) => {
  const { dot, mix, lerp } = latentExplorer;
  const [na, nb] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
  if (!na || !nb) return lerp(a, b, t);
  const [minus, plus] = [-1, 1].map((sign) => mix(a, b, 1 / na, sign / nb));
  const angle = 2 * Math.atan2(Math.sqrt(dot(minus, minus)), Math.sqrt(dot(plus, plus)));
  if (angle < 1e-6 || Math.PI - angle < 1e-3) return lerp(a, b, t);
  return mix(a, b, Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle));
};

/* The plane that a map shows: two directions of length 1 through an origin. `axes` is "pca" or two dimensions. */
latentExplorer.plane = (model, axes) => {
  const { dot } = latentExplorer;
  const pca = axes === "pca";
  const unit = (dimension) => Array.from({ length: model.latent }, (_, i) => (i === dimension ? 1 : 0));
  const [u, v] = pca ? model.pca.axes : axes.map(unit);
  const origin = pca ? model.pca.mean : unit(-1);
  const project = (z) => {
    const from = Array.from(z, (value, i) => value - origin[i]);
    return [dot(from, u), dot(from, v)];
  };
  /* z moved inside the plane until it is seen at (x, y); what the plane does not show stays as it is. */
  const moved = (z, x, y) => {
    const [px, py] = project(z);
    return Array.from(z, (value, i) => value + (x - px) * u[i] + (y - py) * v[i]);
  };
  const points = model.mu.map(project);
  const zero = project(unit(-1)); // the middle of the prior
  const ends = [0, 1].map((k) => {
    const values = points.map((point) => point[k]);
    if (model.sigma) values.push(zero[k] - 3.1, zero[k] + 3.1);
    return [Math.min(...values), Math.max(...values)];
  });
  const middle = ends.map(([low, high]) => (low + high) / 2);
  const half = 0.54 * Math.max(...ends.map(([low, high]) => high - low));
  const names = pca ? ["PCA 1", "PCA 2"] : axes.map((dimension) => `z${dimension}`);
  return { u, v, project, moved, points, zero, middle, half, names };
};

/* The ellipse of one sigma of a Gaussian as the plane shows it: half axes and an angle. */
latentExplorer.ellipse = (plane, sigma) => {
  let [xx, xy, yy] = [0, 0, 0];
  sigma.forEach((s, i) => {
    xx += (s * plane.u[i]) ** 2;
    xy += s * s * plane.u[i] * plane.v[i];
    yy += (s * plane.v[i]) ** 2;
  });
  const spread = Math.hypot((xx - yy) / 2, xy);
  const mean = (xx + yy) / 2;
  return [Math.sqrt(mean + spread), Math.sqrt(Math.max(0, mean - spread)), Math.atan2(2 * xy, xx - yy) / 2];
};
