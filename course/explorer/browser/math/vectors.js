/* latentExplorer.math: vectors, and the ways from one to another. */
"use strict";

latentExplorer.math.clamp = (value, low, high) => Math.max(low, Math.min(high, value));

latentExplorer.math.dot = (a, b) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

latentExplorer.math.mix = (a, b, wa, wb) => Array.from(a, (value, i) => wa * value + wb * b[i]);

latentExplorer.math.lerp = (a, b, t) => latentExplorer.math.mix(a, b, 1 - t, t);

/* Along the great circle, on the vectors as they are, as course/latent.py does it. */
latentExplorer.math.slerp = (a, b, t) => {
  const { dot, mix, lerp } = latentExplorer.math;
  const lengthOfA = Math.sqrt(dot(a, a));
  const lengthOfB = Math.sqrt(dot(b, b));
  if (!lengthOfA || !lengthOfB) return lerp(a, b, t);
  const [minus, plus] = [-1, 1].map((sign) => mix(a, b, 1 / lengthOfA, sign / lengthOfB));
  const angle = 2 * Math.atan2(Math.sqrt(dot(minus, minus)), Math.sqrt(dot(plus, plus)));
  if (angle < 1e-6 || Math.PI - angle < 1e-3) return lerp(a, b, t);
  return mix(a, b, Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle));
};

/* The row of `rows` that is nearest to z. */
latentExplorer.math.nearestRow = (rows, z) => {
  let best = 0;
  let least = Infinity;
  rows.forEach((row, i) => {
    let sum = 0;
    for (let k = 0; k < z.length; k++) sum += (row[k] - z[k]) ** 2;
    if (sum < least) {
      best = i;
      least = sum;
    }
  });
  return best;
};
