/* latentExplorer.model: the state of an explorer. All that a reader can change about the view is here, and nothing
   else. */
"use strict";

/* What state.image says beside the number of an image of the set. */
latentExplorer.model.NO_IMAGE = -1; // the point is nobody's code
latentExplorer.model.SKETCH = -2; // it is in the cloud of the reader's own image

latentExplorer.model.State = class {
  constructor(entries) {
    this.model = ""; // name
    this.stage = null; // number of a moment of its training; null when it is trained
    this.z = []; // the point
    this.image = latentExplorer.model.NO_IMAGE; // whose code or cloud the point is
    this.samples = 0; // how often it was sampled from that cloud: 0 is the middle
    this.label = 0; // the class that a conditional model is told
    this.sketch = null; // pixels of the reader's own image
    this.axes = [0, 1]; // two dimensions, or "pca"
    this.background = "none"; // or "grid", "class", "both"
    this.seed = 0; // how often the prior was sampled
    this.a = []; // where the way begins
    this.b = []; // where it ends
    this.way = "lerp"; // or "slerp", "blend"
    this.t = null; // where on the way the point is, 0 to 1; null if elsewhere
    Object.assign(this, entries);
  }
};

/* How every visit begins: on the map of the two dimensions that carry most, with a way from the middle of the first
   class to that of the fourth, a diagonal and a cross, and the point at an image away from both. Where images have
   no classes, the way is from the first of them to the one furthest from it. */
latentExplorer.model.firstState = (name, model, data) => {
  const axes = model.order.slice(0, 2);
  const images = [...data.labels.keys()];
  const distance = (i, j) => Math.hypot(...axes.map((d) => model.mu[i][d] - model.mu[j][d]));
  const furthest = (far) => images.reduce((best, i) => (far(i) > far(best) ? i : best), 0);
  const middleOf = (label) => {
    const rows = images.filter((i) => data.labels[i] === label);
    return rows[Math.floor(rows.length / 2)] ?? 0;
  };
  const a = middleOf(0);
  const other = middleOf(Math.min(3, data.classes.length - 1));
  const b = other === a ? furthest((i) => distance(i, a)) : other;
  const image = furthest((i) => Math.min(distance(i, a), distance(i, b)));
  return new latentExplorer.model.State({
    model: name,
    z: [...model.mu[image]],
    image,
    label: model.labels ? data.labels[image] : 0,
    axes,
    a: [...model.mu[a]],
    b: [...model.mu[b]],
  });
};

/* The same view of another model with the same images, or of another moment: what was the code of an image, or nearest
   to it, becomes its code there. */
latentExplorer.model.movedState = (from, before, to, labels, { name, stage }) => {
  const { State, SKETCH } = latentExplorer.model;
  const nearest = (z) => latentExplorer.math.nearestRow(before.mu, z);
  const keepsSketch = from.image === SKETCH && stage === null; // its code is known when the encoder is there
  const keepsAxes = from.axes === "pca" || from.model === name;
  const image = from.image >= 0 ? from.image : nearest(from.z);
  const label = to.labels ? labels[image] : 0;
  return new State({
    ...from,
    model: name,
    stage,
    z: Array.from(to.mu[image]),
    image: keepsSketch ? SKETCH : image,
    label: keepsSketch ? from.label : label,
    axes: keepsAxes ? from.axes : to.order.slice(0, 2),
    a: Array.from(to.mu[nearest(from.a)]),
    b: Array.from(to.mu[nearest(from.b)]),
    samples: 0,
    t: null,
  });
};

/* Whether each entry that an address gives makes sense for the model. `stage` never does: whether that moment of the
   training is there, the explorer knows. A sketch needs a page with a board. */
latentExplorer.model.fits = (given, model, data, hasBoard) => {
  const isVector = (z) => z?.length === model.latent;
  const isDimension = (d) => Number.isInteger(d) && d >= 0 && d < model.latent;
  const areAxes = (axes) => axes === "pca" || (axes?.length === 2 && axes.every(isDimension));
  const sketch = hasBoard && given.sketch?.length === data.side ** 2;
  return {
    z: isVector(given.z),
    a: isVector(given.a),
    b: isVector(given.b),
    axes: areAxes(given.axes),
    sketch,
    image: given.image === latentExplorer.model.SKETCH ? sketch : given.image < model.mu.length,
    label: given.label < model.labels,
    model: false,
    stage: false,
  };
};

/* The state that an address asks for: the first one, changed in what was `given` and fits the model. Where z is left
   out, it is the sample of the image's cloud, or the place on the way, that the address speaks of. */
latentExplorer.model.restoredState = (name, model, data, given, hasBoard) => {
  const { State, firstState, fits, sampleCloud, NO_IMAGE } = latentExplorer.model;
  const fit = fits(given, model, data, hasBoard);
  const good = Object.entries(given).filter(([entry]) => fit[entry] ?? true);
  const state = new State({ ...firstState(name, model, data), ...Object.fromEntries(good) });
  if (!fit.image && fit.z) state.image = NO_IMAGE;
  if (state.image === NO_IMAGE || !model.sigma) state.samples = 0;
  if (fit.z) return state;
  if (fit.image && state.image >= 0) {
    const cloud = { mu: model.mu[state.image], sigma: model.sigma?.[state.image] };
    state.z = sampleCloud(cloud, state.samples);
    if (model.labels) state.label = data.labels[state.image];
  }
  if (state.t !== null && state.way !== "blend") state.z = latentExplorer.math[state.way](state.a, state.b, state.t);
  return state;
};
