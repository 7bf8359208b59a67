/* The decoder, by hand: dense layers with a ReLU between each two, and a sigmoid at the end. */
"use strict";

/* z (Z numbers) and, for a conditional model, a label -> x_hat, one number in [0, 1] for each pixel. */
latentExplorer.decode = (model, z, label = 0) => {
  let values = z;
  if (model.labels) values = [...z, ...Array.from({ length: model.labels }, (_, c) => (c === label ? 1 : 0))];
  model.layers.forEach((layer, l) => {
    const { inputs, outputs, weights, bias } = layer;
    const last = l === model.layers.length - 1;
    const out = last ? new Float32Array(outputs) : (layer.out ??= new Float32Array(outputs));
    for (let o = 0, w = 0; o < outputs; o++) {
      let sum = bias[o];
      for (let i = 0; i < inputs; i++, w++) sum += weights[w] * values[i];
      out[o] = last ? 1 / (1 + Math.exp(-sum)) : Math.max(0, sum);
    }
    values = out;
  });
  return values;
};

/* Which image of the set is nearest to a decode, how many pixels away (L1), and whether the decode, its pixels on or
   off, is exactly an image of the set. Only where the set is complete can that be said: null elsewhere. */
latentExplorer.nearest = (data, pixels) => {
  if (!data.on) return null;
  let all = 0;
  let allOn = 0;
  for (const value of pixels) {
    all += value;
    allOn += value > 0.5 ? 1 : 0;
  }
  let [index, distance, fewest] = [0, Infinity, Infinity];
  data.on.forEach((on, i) => {
    let [far, wrong] = [all, allOn];
    for (let n = 0; n < on.length; n++) {
      const value = pixels[on[n]];
      far += 1 - 2 * value;
      wrong += value > 0.5 ? -1 : 1;
    }
    if (far < distance) [index, distance] = [i, far];
    if (wrong < fewest) fewest = wrong;
  });
  return { index, distance, valid: fewest === 0 };
};
