/* latentExplorer.ui: an explorer. One state, and parts that render it; a change is rendered once, in the next frame. */
"use strict";
{
  const { math, canvas, ui } = latentExplorer;
  const { address, decode, encoded, firstState, movedState, nearestImage, restoredState } = latentExplorer.model;
  const { NO_IMAGE, SKETCH, State, sampleCloud } = latentExplorer.model;
  const WAY_POINTS = 33; // of a way on the map

  ui.Explorer = class {
    constructor(root, options) {
      this.root = root;
      this.id = root.id;
      this.options = options;
      this.state = this.first(options.models[0]);
      this.state.background = options.background ?? "none";
      this.hidden = new Set(); // classes that the reader has switched off
      this.chosen = null; // images inside the brush; null where nothing is brushed
      this.pixels = null; // of the decode
      this.found = null; // the image of the set that is nearest to it
      this.validShare = null; // of the map: where the decode is an image of the set
      this.backgroundStatus = null; // "unfinished" or "done", once there has been one
      this.wantedStage = null; // a moment of the training that the address asks for, until it is loaded
      this.themes = 0; // how often the theme has changed: what is kept rendered is rendered again
      this.touched = false; // by the reader, since the address was written
      this.frame = null; // the request for the next one
      this.restTimer = null;
      this.encodedSketch = null;
      this.planeOf = ui.remember(() => math.plane(this.model, this.state.axes));
      this.waysOf = ui.remember(() => this.projectWays());
      this.isRestored = this.restore(); // the address says what to show
      this.live = ui.make("p", { class: "explorer-live", role: "status" });
      this.stage = ui.make("div", { class: "explorer-stage" });
      this.parts = [];
      this.build();
      this.listen();
      this.requestRender();
    }

    build() {
      const { make } = ui;
      const parts = (...names) =>
        names
          .filter((name) => name === "head" || this.shows(name))
          .map((name) => {
            const part = ui.parts[name](this);
            this.parts.push(part);
            return part.element;
          });
      this.stage.append(
        ...parts("head"),
        make("div", { class: "explorer-column" }, ...parts("map", "training")),
        make("div", { class: "explorer-column" }, ...parts("view", "glimpse", "sliders")),
        ...parts("draw", "ways", "matrix", "share"),
        this.live,
      );
      this.root.prepend(this.stage);
      this.root.classList.add("explorer-ready");
    }

    listen() {
      new ResizeObserver(() => {
        canvas.Surface.layouts++;
        this.requestRender();
      }).observe(this.stage);
      addEventListener("hashchange", () => this.restore() && this.requestRender());
    }

    shows(part) {
      return this.options.show.includes(part);
    }

    get model() {
      const stages = latentExplorer.stages[this.state.model];
      const { model, stage } = this.state;
      return stage !== null && stages ? stages[stage] : latentExplorer.models[model];
    }

    get data() {
      return latentExplorer.data[this.model.data];
    }

    get look() {
      return canvas.look(this.data);
    }

    get plane() {
      const { model, stage, axes } = this.state;
      return this.planeOf(model, stage, axes);
    }

    /* The straight line and the arc as the map shows them. */
    get ways() {
      const { a, b, axes, model, stage } = this.state;
      return this.waysOf(...a, ...b, axes, model, stage);
    }

    projectWays() {
      const { a, b } = this.state;
      const through = (way) =>
        Array.from({ length: WAY_POINTS }, (_, k) => this.plane.project(math[way](a, b, k / (WAY_POINTS - 1))));
      return { lerp: through("lerp"), slerp: through("slerp") };
    }

    /* The image of the set where the point is, or to whose code it is nearest. */
    get nearbyImage() {
      return this.state.image >= 0 ? this.state.image : math.nearestRow(this.model.mu, this.state.z);
    }

    /* What is on the board: the reader's own image; before the first stroke the image at hand. */
    get sketch() {
      return this.state.sketch ?? this.data.images[this.nearbyImage];
    }

    /* What the encoder says of it; null where no encoder is, as at a moment of the training. */
    get sketchCloud() {
      const { state, model, sketch: x } = this;
      const encoder = state.stage === null ? latentExplorer.encoders[state.model] : null;
      if (!encoder) return null;
      const before = this.encodedSketch;
      const same = before?.x === x && before.model === model && before.label === state.label;
      if (!same) this.encodedSketch = encoded(model, encoder, x, state.label);
      return this.encodedSketch;
    }

    /* The Gaussian of an image of the set, or of the sketch; null where nobody knows it. */
    cloud(image) {
      if (image === SKETCH) return this.state.sketch && this.sketchCloud;
      return image < 0 ? null : { mu: this.model.mu[image], sigma: this.model.sigma?.[image] };
    }

    first(name) {
      const model = latentExplorer.models[name];
      return firstState(name, model, latentExplorer.data[model.data]);
    }

    set(changes) {
      Object.assign(this.state, changes);
      this.touched = true;
      this.requestRender();
    }

    /* Go to a point; it is no image's code any more, unless it is said whose. */
    move(z, image = NO_IMAGE, also = {}) {
      const label = image >= 0 && this.model.labels ? this.data.labels[image] : this.state.label;
      this.set({ z: Array.from(z), image, label, t: null, samples: 0, ...also });
    }

    select(image) {
      this.move(this.model.mu[image], image);
    }

    /* Another model has another latent space. */
    show(name, stage = null) {
      const { state, model: before, data } = this;
      if (latentExplorer.models[name].data !== before.data) {
        this.hidden.clear();
        this.chosen = null;
        this.set({ ...this.first(name), background: state.background });
        return;
      }
      this.state = new State({ ...state, model: name, stage });
      this.set(movedState(state, before, this.model, data.labels, { name, stage }));
    }

    /* The state that the address holds, where it fits the model; true if the address speaks of this explorer. */
    restore() {
      const given = address.read(this.id, location.hash);
      if (!given) return false;
      const name = latentExplorer.models[given.model] ? given.model : this.options.models[0];
      const model = latentExplorer.models[name];
      this.state = restoredState(name, model, latentExplorer.data[model.data], given, this.shows("draw"));
      const isLoaded = given.stage !== undefined && latentExplorer.stages[name]?.[given.stage];
      if (isLoaded) this.state.stage = given.stage;
      else if (given.stage !== undefined) this.wantedStage = given.stage;
      requestAnimationFrame(() => this.root.scrollIntoView());
      return true;
    }

    get isBlend() {
      return this.state.t !== null && this.state.way === "blend";
    }

    requestRender() {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        this.render();
      });
    }

    render() {
      const { state, data } = this;
      const sketched = state.image === SKETCH && this.cloud(SKETCH);
      if (sketched) state.z = sampleCloud(sketched, state.samples);
      this.pixels = this.decodeState();
      this.found = nearestImage(data, this.pixels);
      for (const part of this.parts) part.render();
      if (this.touched) this.atRest();
    }

    decodeState() {
      const { state, model } = this;
      const at = (z) => decode(model, z, state.label);
      return this.isBlend ? math.lerp(at(state.a), at(state.b), state.t) : at(state.z);
    }

    /* When it has come to rest, say what is seen and write it to the address: frames on the way are no news. */
    atRest() {
      this.touched = false;
      clearTimeout(this.restTimer);
      this.restTimer = setTimeout(() => {
        this.restTimer = null;
        this.live.textContent = this.describe();
        history.replaceState(null, "", address.write(this.id, this.state));
      }, 350);
    }

    /* What is seen, in words. */
    describe() {
      const { state, data, found } = this;
      const isSketch = state.image === SKETCH;
      const decoded = isSketch ? "Decode of your drawing" : "Decode";
      const what = this.isBlend ? "Blend of pixels" : decoded;
      if (found) {
        const name = data.names[found.index];
        const distance = math.number(found.distance, 1);
        return found.valid
          ? `${what}: ${name}, an image of the set, ${distance} pixels off.`
          : `${what}: no image of the set. The nearest, ${name}, is ${distance} pixels away.`;
      }
      if (isSketch) return `${what}.`;
      if (state.image >= 0) return `${what} of the code of: ${data.names[state.image]}.`;
      return `${what} of a point that is no image's code.`;
    }
  };
}
