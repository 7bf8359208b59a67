/* An explorer: one state, and parts that draw it. A change is drawn once, in the next frame. */
"use strict";

latentExplorer.Explorer = class {
  constructor(root, options) {
    this.root = root;
    this.id = root.id;
    this.options = options;
    this.state = this.first(options.models[0]);
    this.hidden = new Set(); // classes that the reader has switched off
    this.chosen = null; // images inside the brush; null where nothing is brushed
    this.restore();
    const { make, parts } = latentExplorer;
    this.live = make("p", { class: "explorer-live", role: "status" });
    this.stage = make("div", { class: "explorer-stage" });
    this.parts = [];
    const column = (...names) => names.filter((name) => name === "head" || options.show.includes(name)).map((name) => {
      const part = parts[name](this);
      this.parts.push(part);
      return part.element;
    });
    this.stage.append(...column("head"), make("div", { class: "explorer-column" }, ...column("map", "training")),
      make("div", { class: "explorer-column" }, ...column("view", "sliders")), ...column("draw", "ways", "matrix", "share"), this.live);
    root.prepend(this.stage);
    root.classList.add("explorer-ready");
    new ResizeObserver(() => {
      latentExplorer.sizes++;
      this.redraw();
    }).observe(this.stage);
    addEventListener("hashchange", () => this.restore() && this.redraw());
    this.redraw();
  }

  get model() {
    const trained = latentExplorer.stages[this.state.model];
    return this.state.stage !== null && trained ? trained[this.state.stage] : latentExplorer.models[this.state.model];
  }

  get data() {
    return latentExplorer.data[this.model.data];
  }

  get plane() {
    const key = [this.state.model, this.state.stage, this.state.axes].join();
    if (this.planeKey !== key) [this.planeKey, this.cached] = [key, latentExplorer.plane(this.model, this.state.axes)];
    return this.cached;
  }

  /* How every visit begins: on the map of the two dimensions that carry most, with a way from the middle of the first
     class to that of the fourth, a diagonal and a cross, and the point at an image away from both. Where images have
     no classes, the way is from the first of them to the one furthest from it. */
  first(name) {
    const model = latentExplorer.models[name];
    const data = latentExplorer.data[model.data];
    const axes = model.order.slice(0, 2);
    const far = (i, j) => Math.hypot(...axes.map((d) => model.mu[i][d] - model.mu[j][d]));
    const furthest = (far) => [...data.labels.keys()].reduce((best, i) => (far(i) > far(best) ? i : best), 0);
    const [a, other] = [0, Math.min(3, data.classes.length - 1)].map((label) => {
      const rows = [...data.labels.keys()].filter((i) => data.labels[i] === label);
      return rows[Math.floor(rows.length / 2)] ?? 0;
    });
    const b = other === a ? furthest((i) => far(i, a)) : other;
    const start = furthest((i) => Math.min(far(i, a), far(i, b)));
    return {
      model: name, z: [...model.mu[start]], image: start, label: model.labels ? data.labels[start] : 0, axes,
      back: "none", seed: 0, draws: 0, a: [...model.mu[a]], b: [...model.mu[b]], way: "lerp", t: null, stage: null, x: null,
    };
  }

  set(changes) {
    Object.assign(this.state, changes);
    this.touched = true;
    this.redraw();
  }

  /* Go to a point; it is no image's code any more, unless it is said whose. */
  move(z, image = -1, also = {}) {
    const label = image >= 0 && this.model.labels ? this.data.labels[image] : this.state.label;
    this.set({ z: Array.from(z), image, label, t: null, draws: 0, ...also });
  }

  select(image) {
    this.move(this.model.mu[image], image);
  }

  /* Another model has another latent space: what was the code of an image, or nearest to it, becomes its code there. */
  show(name, stage = null) {
    const [before, from] = [this.model, this.state];
    const sameImages = latentExplorer.models[name].data === before.data;
    if (!sameImages) {
      this.hidden.clear();
      this.chosen = null;
      return this.set({ ...this.first(name), back: from.back });
    }
    const nearest = (z) => latentExplorer.closest(before.mu, z);
    this.state = { ...from, model: name, stage };
    const model = this.model;
    const image = from.image >= 0 ? from.image : nearest(from.z);
    const label = model.labels ? this.data.labels[image] : 0;
    const axes = from.axes === "pca" ? "pca" : from.model === name ? from.axes : model.order.slice(0, 2);
    const [a, b] = [from.a, from.b].map((z) => Array.from(model.mu[nearest(z)]));
    const own = from.image === latentExplorer.OWN && stage === null; // its code is known when the encoder is there
    this.set({ z: Array.from(model.mu[image]), image: own ? from.image : image, label: own ? from.label : label, axes, a, b, draws: 0, t: null });
  }

  /* The state that the address holds, where it fits the model; true if the address speaks of this explorer. */
  restore() {
    const given = latentExplorer.address.read(this.id, location.hash);
    if (!given) return false;
    const name = latentExplorer.models[given.model] ? given.model : this.options.models[0];
    const model = latentExplorer.models[name];
    const fits = {
      z: given.z?.length === model.latent, a: given.a?.length === model.latent, b: given.b?.length === model.latent,
      axes: given.axes === "pca" || (given.axes?.length === 2 && given.axes.every((d) => Number.isInteger(d) && d >= 0 && d < model.latent)),
      x: this.options.show.includes("draw") && 4 * given.x?.length === latentExplorer.data[model.data].side ** 2, label: given.label < model.labels,
    };
    fits.image = given.image === latentExplorer.OWN ? fits.x : given.image < model.mu.length;
    const good = Object.entries(given).filter(([entry]) => fits[entry] ?? !["model", "stage"].includes(entry));
    this.state = { ...this.first(name), ...Object.fromEntries(good) };
    const { state } = this;
    if (fits.x) state.x = latentExplorer.fromHex(given.x);
    if (!fits.image) state.image = fits.z ? -1 : state.image;
    else if (!fits.z && given.image >= 0) { // the middle of an image's cloud, or a draw from it
      state.z = latentExplorer.draw(latentExplorer.cloud(this, given.image), model.sigma ? state.draws : 0);
      if (model.labels) state.label = latentExplorer.data[model.data].labels[given.image];
    }
    if (state.image === -1 || !model.sigma) state.draws = 0;
    if (state.t !== null && !fits.z && state.way !== "blend") state.z = latentExplorer[state.way](state.a, state.b, state.t);
    if (given.stage !== undefined && latentExplorer.stages[name]?.[given.stage]) this.state.stage = given.stage;
    else if (given.stage !== undefined) this.wanted = given.stage;
    requestAnimationFrame(() => this.root.scrollIntoView());
    return true;
  }

  redraw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  draw() {
    const { state, model, data } = this;
    const { decode, lerp, nearest, cloud, OWN } = latentExplorer;
    const own = state.image === OWN && cloud(this, OWN);
    if (own) state.z = latentExplorer.draw(own, state.draws);
    const blended = state.t !== null && state.way === "blend";
    this.pixels = blended
      ? lerp(decode(model, state.a, state.label), decode(model, state.b, state.label), state.t)
      : decode(model, state.z, state.label);
    this.found = nearest(data, this.pixels);
    for (const part of this.parts) part.draw();
    if (!this.touched) return;
    this.touched = false;
    clearTimeout(this.later);
    this.later = setTimeout(() => { // when it has come to rest: frames on the way are no news
      this.live.textContent = this.describe();
      history.replaceState(null, "", latentExplorer.address.write(this.id, this.state));
    }, 350);
  }

  /* What is seen, in words. */
  describe() {
    const { state, data, found } = this;
    const { number } = latentExplorer;
    const own = state.image === latentExplorer.OWN;
    const what = state.t !== null && state.way === "blend" ? "Blend of pixels" : own ? "Decode of your drawing" : "Decode";
    if (!found) return own ? `${what}.` : state.image >= 0 ? `${what} of the code of: ${data.names[state.image]}.` : `${what} of a point that is no image's code.`;
    const name = data.names[found.index];
    if (found.valid) return `${what}: ${name}, an image of the set, ${number(found.distance, 1)} pixels off.`;
    return `${what}: no image of the set. The nearest, ${name}, is ${number(found.distance, 1)} pixels away.`;
  }
};

latentExplorer.closest = (codes, z) => {
  let [best, least] = [0, Infinity];
  codes.forEach((code, i) => {
    let sum = 0;
    for (let k = 0; k < z.length; k++) sum += (code[k] - z[k]) ** 2;
    if (sum < least) [best, least] = [i, sum];
  });
  return best;
};

/* Begins when the page is there: the scripts of models may stand behind this one. */
latentExplorer.start = () => {
  latentExplorer.here = [...document.querySelectorAll("[data-explorer]")].map((root) =>
    new latentExplorer.Explorer(root, JSON.parse(root.dataset.explorer)));
  const redraw = () => latentExplorer.here.forEach((explorer) => {
    explorer.theme = (explorer.theme ?? 0) + 1; // what is kept drawn is drawn again
    explorer.redraw();
  });
  new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
};
if (document.readyState === "complete") latentExplorer.start();
else addEventListener("DOMContentLoaded", () => latentExplorer.start());
