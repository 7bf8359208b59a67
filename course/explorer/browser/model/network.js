/* latentExplorer.model: encoder and decoder, by hand, and what they cost in nats. */
"use strict";

/* Dense layers with a ReLU between each two. */
latentExplorer.model.forward = (layers, values) => {
  let inputs = values;
  layers.forEach((layer, l) => {
    const last = l === layers.length - 1;
    const out = last ? new Float32Array(layer.outputs) : layer.out;
    for (let o = 0, w = 0; o < layer.outputs; o++) {
      let sum = layer.bias[o];
      for (let i = 0; i < layer.inputs; i++, w++) sum += layer.weights[w] * inputs[i];
      out[o] = last ? sum : Math.max(0, sum);
    }
    inputs = out;
  });
  return inputs;
};

/* A conditional model is told the label beside x and beside z, as a 1 among zeros. */
latentExplorer.model.withLabel = (model, values, label) => {
  if (!model.labels) return values;
  return [...values, ...Array.from({ length: model.labels }, (_, c) => (c === label ? 1 : 0))];
};

latentExplorer.model.logits = (model, z, label = 0) => {
  const { forward, withLabel } = latentExplorer.model;
  return forward(model.layers, withLabel(model, z, label));
};

/* z (Z numbers) and, for a conditional model, a label -> x_hat, one number in [0, 1] for each pixel. */
latentExplorer.model.decode = (model, z, label = 0) => {
  const values = latentExplorer.model.logits(model, z, label);
  for (let k = 0; k < values.length; k++) values[k] = 1 / (1 + Math.exp(-values[k]));
  return values;
};

/* x (pixels in [0, 1]) -> mu and log_var, Z numbers each; an autoencoder has no log_var. */
latentExplorer.model.encode = (model, encoder, x, label = 0) => {
  const { forward, withLabel } = latentExplorer.model;
  const heads = forward(encoder.layers, withLabel(model, x, label));
  return {
    mu: heads.slice(0, model.latent),
    logVar: heads.length > model.latent ? heads.slice(model.latent) : null,
  };
};

/* In nats: the cross-entropy of x under the decode of z, from logits, because a probability of 1 - 1e-9 rounds to 1. */
latentExplorer.model.reconstruction = (model, x, z, label = 0) => {
  let sum = 0;
  latentExplorer.model.logits(model, z, label).forEach((l, k) => {
    sum += Math.max(l, 0) - l * x[k] + Math.log1p(Math.exp(-Math.abs(l)));
  });
  return sum;
};

/* In nats: of N(mu, exp(log_var)) from N(0, I). */
latentExplorer.model.kl = (mu, logVar) =>
  mu.reduce((sum, m, d) => sum + (m * m + Math.expm1(logVar[d]) - logVar[d]) / 2, 0);
