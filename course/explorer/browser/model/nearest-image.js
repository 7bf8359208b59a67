/* latentExplorer.model: what a decode is, seen from the images of the set. */
"use strict";

/* Which image of the set is nearest to a decode, how many pixels away (L1), and whether the decode, its pixels on or
   off, is exactly an image of the set. Only where the set is complete can that be said: null elsewhere. */
latentExplorer.model.nearestImage = (data, pixels) => {
  if (!data.on) return null;
  let all = 0;
  let allOn = 0;
  for (const value of pixels) {
    all += value;
    allOn += value > 0.5 ? 1 : 0;
  }
  let index = 0;
  let distance = Infinity;
  let fewest = Infinity;
  data.on.forEach((on, i) => {
    let far = all;
    let wrong = allOn;
    for (let n = 0; n < on.length; n++) {
      const value = pixels[on[n]];
      far += 1 - 2 * value;
      wrong += value > 0.5 ? -1 : 1;
    }
    if (far < distance) {
      index = i;
      distance = far;
    }
    if (wrong < fewest) fewest = wrong;
  });
  return { index, distance, valid: fewest === 0 };
};
