/* latentExplorer.model: the cloud of an image, which is the Gaussian that the encoder gives for it, and samples of it.
 */
"use strict";

latentExplorer.model.COLLAPSED = 0.01; // nats: at or below it a dimension carries nothing

latentExplorer.model.isCollapsed = (model, dimension) =>
  Boolean(model.sigma) && model.kl[dimension] <= latentExplorer.model.COLLAPSED;

/* The noise of the n-th sample: decided by its number, so that a link shows the same point. */
latentExplorer.model.noise = (latent, n) => Array.from({ length: latent }, latentExplorer.math.normal(7919 + n));

/* A point of a cloud: that of the n-th sample, or mu, which is sample 0. */
latentExplorer.model.sampleCloud = ({ mu, sigma }, n) => {
  if (!n) return Array.from(mu);
  const noise = latentExplorer.model.noise(mu.length, n);
  return Array.from(mu, (value, d) => value + sigma[d] * noise[d]);
};

/* The cloud of an image that is not of the set, its decode at mu, and what both cost in nats. */
latentExplorer.model.encoded = (model, encoder, x, label) => {
  const { encode, decode, reconstruction, kl } = latentExplorer.model;
  const { mu, logVar } = encode(model, encoder, x, label);
  const costs = { reconstruction: reconstruction(model, x, mu, label) };
  if (logVar) {
    costs.kl = kl(mu, logVar);
    costs.bound = costs.reconstruction + costs.kl;
  }
  const sigma = logVar && logVar.map((value) => Math.exp(value / 2));
  return { x, model, label, mu, logVar, sigma, costs, pixels: decode(model, mu, label) };
};
