/* Encoder and decoder, by hand: dense layers with a ReLU between each two. */
"use strict";

latentExplorer.dense = (layers, values) => {
  layers.forEach((layer, l) => {
    const { inputs, outputs, weights, bias } = layer;
    const last = l === layers.length - 1;
    const out = last ? new Float32Array(outputs) : (layer.out ??= new Float32Array(outputs));
    for (let o = 0, w = 0; o < outputs; o++) {
      let sum = bias[o];
      for (let i = 0; i < inputs; i++, w++) sum += weights[w] * values[i];
      out[o] = last ? sum : Math.max(0, sum);
    }
    values = out;
  });
  return values;
};

/* A conditional model is told the label beside x and beside z, as a 1 among zeros. */
latentExplorer.told = (model, values, label) =>
  (model.labels ? [...values, ...Array.from({ length: model.labels }, (_, c) => (c === label ? 1 : 0))] : values);

latentExplorer.logits = (model, z, label = 0) => latentExplorer.dense(model.layers, latentExplorer.told(model, z, label));

/* z (Z numbers) and, for a conditional model, a label -> x_hat, one number in [0, 1] for each pixel. */
latentExplorer.decode = (model, z, label = 0) => {
  const values = latentExplorer.logits(model, z, label);
  for (let k = 0; k < values.length; k++) values[k] = 1 / (1 + Math.exp(-values[k]));
  return values;
};

/* x (pixels in [0, 1]) -> mu and log_var, Z numbers each; an autoencoder has no log_var. */
latentExplorer.encode = (model, encoder, x, label = 0) => {
  const heads = latentExplorer.dense(encoder.layers, latentExplorer.told(model, x, label));
  return { mu: heads.slice(0, model.latent), logVar: heads.length > model.latent ? heads.slice(model.latent) : null };
};

/* In nats: the cross-entropy of x under the decode of z, from logits, because a probability of 1 - 1e-9 rounds to 1. */
latentExplorer.reconstruction = (model, x, z, label = 0) => {
  let sum = 0;
  latentExplorer.logits(model, z, label).forEach((l, k) => (sum += Math.max(l, 0) - l * x[k] + Math.log1p(Math.exp(-Math.abs(l)))));
  return sum;
};

/* In nats: of N(mu, exp(log_var)) from N(0, I). */
latentExplorer.divergence = (mu, logVar) => mu.reduce((sum, m, d) => sum + (m * m + Math.expm1(logVar[d]) - logVar[d]) / 2, 0);

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
