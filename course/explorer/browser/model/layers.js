/* latentExplorer.model: dense layers that learn. The rows of a batch lie one after the other in a Float32Array; the
   weights of a layer lie in one long array of all parameters, outputs x inputs and then the bias, as in torch, and so
   do their gradients. A wire says which arrays a layer stands between, and which rows are at work: [first, end). */
"use strict";

/* x (rows, inputs) -> y (rows, outputs), with a ReLU where the layer is hidden. */
latentExplorer.model.layerForward = (layer, theta, { x, y, first, end }) => {
  const { inputs, outputs, at, hidden } = layer;
  const bias = at + inputs * outputs;
  for (let row = first; row < end; row++) {
    const from = row * inputs;
    for (let o = 0, w = at; o < outputs; o++) {
      let sum = theta[bias + o];
      for (let i = 0; i < inputs; i++, w++) sum += theta[w] * x[from + i];
      y[row * outputs + o] = hidden && sum < 0 ? 0 : sum;
    }
  }
};

/* Adds to the gradients of the layer's parameters, and to `dx`, those of its inputs, where somebody asks for them. `dy`
   is the gradient of its outputs; a ReLU lets nothing through where it gave 0. */
latentExplorer.model.layerBackward = (layer, theta, gradient, { x, y, dx, dy, first, end }) => {
  const { inputs, outputs, at, hidden } = layer;
  const bias = at + inputs * outputs;
  for (let row = first; row < end; row++) {
    const from = row * inputs;
    for (let o = 0; o < outputs; o++) {
      const slope = dy[row * outputs + o];
      if (slope === 0 || (hidden && y[row * outputs + o] === 0)) continue;
      const w = at + o * inputs;
      gradient[bias + o] += slope;
      for (let i = 0; i < inputs; i++) gradient[w + i] += slope * x[from + i];
      if (dx) for (let i = 0; i < inputs; i++) dx[from + i] += slope * theta[w + i];
    }
  }
};
