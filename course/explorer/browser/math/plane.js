/* latentExplorer.math: the plane that a map shows, two directions of length 1 through an origin. */
"use strict";

/* `axes` is "pca" or two dimensions. A plane projects z to (x, y), and moves z until it is seen at an (x, y). `points`
   are the codes on it, `zero` the middle of the prior; from `middle` it shows `half` to each side. */
latentExplorer.math.plane = (model, axes) => {
  const { dot } = latentExplorer.math;
  const pca = axes === "pca";
  const unit = (dimension) => Array.from({ length: model.latent }, (_, i) => (i === dimension ? 1 : 0));
  const [u, v] = pca ? model.pca.axes : axes.map(unit);
  const origin = pca ? model.pca.mean : unit(-1);
  const project = (z) => {
    const from = Array.from(z, (value, i) => value - origin[i]);
    return [dot(from, u), dot(from, v)];
  };
  /* What the plane does not show stays as it is. */
  const moved = (z, x, y) => {
    const [px, py] = project(z);
    return Array.from(z, (value, i) => value + (x - px) * u[i] + (y - py) * v[i]);
  };
  const points = model.mu.map(project);
  const zero = project(unit(-1));
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

/* The ellipse of one sigma of a Gaussian as the plane shows it: half axes, and the angle of the long one. */
latentExplorer.math.ellipse = (plane, sigma) => {
  let xx = 0;
  let xy = 0;
  let yy = 0;
  sigma.forEach((s, i) => {
    xx += (s * plane.u[i]) ** 2;
    xy += s * s * plane.u[i] * plane.v[i];
    yy += (s * plane.v[i]) ** 2;
  });
  const spread = Math.hypot((xx - yy) / 2, xy);
  const mean = (xx + yy) / 2;
  return {
    long: Math.sqrt(mean + spread),
    short: Math.sqrt(Math.max(0, mean - spread)),
    turn: Math.atan2(2 * xy, xx - yy) / 2,
  };
};
