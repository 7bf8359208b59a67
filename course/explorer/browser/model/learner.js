/* latentExplorer.model: a VAE that learns in the page. Network, loss and optimizer are those of the course
   (models.py, objectives.py, training.py); only the learning rate is simpler, so that a run needs no end. */
"use strict";
{
  const { math, model } = latentExplorer;
  const RATE = 5e-3; // of Adam, after the first
  const WARM = 100; // steps, in which it rises
  const [FIRST, SECOND, TINY] = [0.9, 0.99, 1e-8]; // Adam: its two averages, and what keeps it from dividing by 0
  const SLICE = 4; // images between two looks at the clock

  /* Name, what it reads, inputs, outputs, and whether a ReLU follows: in the order in which torch holds the layers. */
  const plan = (pixels, hidden, latent) => [
    ["encode1", "x", pixels, hidden, true],
    ["encode2", "encode1", hidden, hidden, true],
    ["mu", "encode2", hidden, latent, false],
    ["logVar", "encode2", hidden, latent, false],
    ["decode1", "z", latent, hidden, true],
    ["decode2", "decode1", hidden, hidden, true],
    ["logits", "decode2", hidden, pixels, false],
  ];

  model.Learner = class Learner {
    /* `images` are Float32Arrays in [0, 1]. The same seed gives the same run. */
    constructor(images, { hidden = 32, latent = 8, seed = 0 } = {}) {
      this.rows = images.length;
      this.latent = latent;
      this.steps = 0;
      this.layers = [];
      this.values = { x: Float32Array.from(images.flatMap((image) => [...image])) }; // what each layer gives, and z
      this.slopes = { x: null }; // the gradients of the loss by them
      let at = 0;
      for (const [name, reads, inputs, outputs, isHidden] of plan(images[0].length, hidden, latent)) {
        this.layers.push({ name, reads, inputs, outputs, at, hidden: isHidden });
        at += (inputs + 1) * outputs;
        this.makeRoom(name, outputs);
      }
      this.makeRoom("z", latent);
      this.eps = new Float32Array(this.rows * latent);
      this.theta = new Float32Array(at);
      this.gradient = new Float32Array(at);
      this.mean = new Float32Array(at); // Adam's averages of the gradient
      this.square = new Float32Array(at); // and of its square
      this.drawWeights(math.uniform(2 * seed));
      this.normal = math.normal(2 * seed + 1);
    }

    makeRoom(name, width) {
      this.values[name] = new Float32Array(this.rows * width);
      this.slopes[name] = new Float32Array(this.rows * width);
    }

    /* Uniformly within torch's limits for linear layers. */
    drawWeights(uniform) {
      for (const { inputs, outputs, at } of this.layers) {
        const limit = 1 / Math.sqrt(inputs);
        for (let k = at; k < at + (inputs + 1) * outputs; k++) this.theta[k] = limit * (2 * uniform() - 1);
      }
    }

    wire({ name, reads }, first, end) {
      const { values, slopes } = this;
      return { x: values[reads], y: values[name], dx: slopes[reads], dy: slopes[name], first, end };
    }

    /* Images from `first` up to `end` through the network, with the noise `eps`. */
    forward(first, end) {
      const { mu, logVar, z } = this.values;
      for (const layer of this.layers) {
        if (layer.reads === "z") {
          for (let k = first * this.latent; k < end * this.latent; k++) {
            z[k] = mu[k] + Math.exp(logVar[k] / 2) * this.eps[k];
          }
        }
        model.layerForward(layer, this.theta, this.wire(layer, first, end));
      }
    }

    /* Adds the gradient of reconstruction + beta * KL, means over all images, for those that `forward` has seen. */
    backward(beta, first, end) {
      const { x, logits } = this.values;
      const pixels = logits.length / this.rows;
      for (let k = first * pixels; k < end * pixels; k++) {
        this.slopes.logits[k] = (1 / (1 + Math.exp(-logits[k])) - x[k]) / this.rows;
      }
      for (const layer of this.layers.toReversed()) {
        if (layer.name === "logVar") this.backwardThroughNoise(beta, first, end);
        model.layerBackward(layer, this.theta, this.gradient, this.wire(layer, first, end));
      }
    }

    /* From z to mu and log_var, where the KL comes in. */
    backwardThroughNoise(beta, first, end) {
      const { values, slopes, eps, rows, latent } = this;
      for (let k = first * latent; k < end * latent; k++) {
        const variance = Math.exp(values.logVar[k]);
        slopes.mu[k] = slopes.z[k] + (beta * values.mu[k]) / rows;
        slopes.logVar[k] = (slopes.z[k] * eps[k] * Math.sqrt(variance) + (beta * (variance - 1)) / rows) / 2;
      }
    }

    /* One step on all images, in slices: whoever runs it may let the page draw in between. What it gives at last is
       what the step cost before its update: reconstruction, and the KL of each dimension, in nats an image. */
    *step(beta) {
      for (let k = 0; k < this.eps.length; k++) this.eps[k] = this.normal();
      this.gradient.fill(0);
      for (const slope of Object.values(this.slopes)) slope?.fill(0);
      for (let first = 0; first < this.rows; first += SLICE) {
        const end = Math.min(this.rows, first + SLICE);
        this.forward(first, end);
        this.backward(beta, first, end);
        yield null;
      }
      const costs = this.costs();
      this.steps++;
      this.update(RATE * Math.min(1, this.steps / WARM));
      return costs;
    }

    costs() {
      const { logits, x, mu, logVar } = this.values;
      let reconstruction = 0;
      for (let k = 0; k < logits.length; k++) {
        reconstruction += Math.max(logits[k], 0) - logits[k] * x[k] + Math.log1p(Math.exp(-Math.abs(logits[k])));
      }
      const kl = new Float64Array(this.latent);
      for (let k = 0; k < mu.length; k++) {
        kl[k % this.latent] += (mu[k] ** 2 + Math.expm1(logVar[k]) - logVar[k]) / 2 / this.rows;
      }
      return { reconstruction: reconstruction / this.rows, kl };
    }

    /* Adam (Kingma & Ba 2015). */
    update(rate) {
      const { theta, gradient, mean, square, steps } = this;
      const size = rate / (1 - FIRST ** steps);
      const root = Math.sqrt(1 - SECOND ** steps);
      for (let k = 0; k < theta.length; k++) {
        mean[k] += (1 - FIRST) * (gradient[k] - mean[k]);
        square[k] += (1 - SECOND) * (gradient[k] ** 2 - square[k]);
        theta[k] -= (size * mean[k]) / (Math.sqrt(square[k]) / root + TINY);
      }
    }

    /* x_hat of an image from the middle of its cloud. */
    reconstruct(row) {
      let values = this.values.mu.slice(row * this.latent, (row + 1) * this.latent);
      for (const layer of this.layers.slice(this.layers.findIndex(({ reads }) => reads === "z"))) {
        const y = new Float32Array(layer.outputs);
        model.layerForward(layer, this.theta, { x: values, y, first: 0, end: 1 });
        values = y;
      }
      return values.map((l) => 1 / (1 + Math.exp(-l)));
    }
  };
}
