/* latentExplorer.math: random numbers, the same for the same seed on every visit. */
"use strict";

/* A function that samples from 0 to 1: mulberry32. */
latentExplorer.math.uniform = (seed) => {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/* A function that samples from N(0, 1), as Box and Muller do it. */
latentExplorer.math.normal = (seed) => {
  const uniform = latentExplorer.math.uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
};
