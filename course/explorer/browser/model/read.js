/* latentExplorer.model: image sets, models and encoders as their scripts hold them, made ready to compute with. */
"use strict";

/* `on` lists the pixels of each image that are on, where the set is complete and black and white. */
latentExplorer.model.readData = (payload) => {
  const { bytes } = latentExplorer.math;
  const labels = bytes(payload.labels);
  const packed = bytes(payload.pixels);
  const size = payload.side ** 2;
  const value = (k) => (payload.bits === 1 ? (packed[k >> 3] >> (7 - (k & 7))) & 1 : packed[k] / 255);
  const image = (i) => Float32Array.from({ length: size }, (_, k) => value(i * size + k));
  const images = Array.from({ length: payload.count }, (_, i) => image(i));
  const pixelsOn = (pixels) => Uint16Array.from([...pixels.keys()].filter((k) => pixels[k]));
  return { ...payload, labels, images, on: payload.exact ? images.map(pixelsOn) : null };
};

/* All weights in one text -> layers, each with weights (outputs * inputs) and bias (outputs). */
latentExplorer.model.readLayers = ({ sizes, weights: text }) => {
  const weights = latentExplorer.math.halves(text);
  const layers = [];
  for (let l = 0, at = 0; l + 1 < sizes.length; l++) {
    const [inputs, outputs] = sizes.slice(l, l + 2);
    const end = at + inputs * outputs;
    const out = new Float32Array(outputs); // written by every pass, so that a decode makes no garbage
    layers.push({
      inputs,
      outputs,
      weights: weights.subarray(at, end),
      bias: weights.subarray(end, end + outputs),
      out,
    });
    at = end + outputs;
  }
  return layers;
};

latentExplorer.model.readEncoder = (payload) => ({
  ...payload,
  weights: null,
  layers: latentExplorer.model.readLayers(payload),
});

/* `order` has the dimensions that carry most first. */
latentExplorer.model.readModel = (payload) => {
  const rows = (text) => {
    const all = latentExplorer.math.halves(text);
    return Array.from({ length: all.length / payload.latent }, (_, i) =>
      all.subarray(i * payload.latent, (i + 1) * payload.latent),
    );
  };
  const sigma = payload.logVar && rows(payload.logVar).map((row) => row.map((value) => Math.exp(value / 2)));
  const order = [...payload.kl.keys()].sort((i, j) => payload.kl[j] - payload.kl[i]);
  const layers = latentExplorer.model.readLayers(payload);
  const classMap = payload.classMap && latentExplorer.model.readClassMap(payload.classMap);
  return { ...payload, weights: null, layers, mu: rows(payload.mu), sigma, order, classMap };
};

/* `at(x, y)` is the class that a classifier saw at that point of the plane; undefined outside of what it looked at. */
latentExplorer.model.readClassMap = ({ half, side, classes: text }) => {
  const classes = latentExplorer.math.bytes(text);
  const place = (value) => Math.floor(((value / half + 1) / 2) * side);
  const isInside = (k) => k >= 0 && k < side;
  return {
    at(x, y) {
      const column = place(x);
      const row = side - 1 - place(y);
      return isInside(column) && isInside(row) ? classes[row * side + column] : undefined;
    },
  };
};
