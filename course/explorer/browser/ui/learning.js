/* latentExplorer.ui: a VAE that the reader trains in the page. */
"use strict";
{
  const { canvas, math, model, ui } = latentExplorer;
  const { make, row, field } = ui;
  const BUDGET = 10; // milliseconds of a frame, for learning and drawing
  const SLOW = 8; // frames a step
  const PAUSE_EVERY = 2000; // steps: nobody's battery should run down for a forgotten page
  const SHOWN = 8; // images whose reconstruction is drawn
  const LEAD = 0.5; // nats by which another dimension must carry more before the map turns to it

  /* What a decoder costs that ignores z: it can say no more than how often each pixel is on. */
  const ignoring = (images) => {
    let sum = 0;
    for (let k = 0; k < images[0].length; k++) {
      const share = images.reduce((on, image) => on + image[k], 0) / images.length;
      for (const p of [share, 1 - share]) if (p > 0) sum -= p * Math.log(p);
    }
    return sum;
  };

  ui.Learning = class Learning {
    constructor(root, { data }) {
      const { images, count } = latentExplorer.data[data];
      this.data = latentExplorer.data[data];
      this.levels = [
        [`ignoring z, ${math.number(ignoring(images), 1)}`, ignoring(images)],
        [`ln ${count} = ${math.number(Math.log(count))}, the floor`, Math.log(count)],
      ];
      this.chosen = Array.from({ length: SHOWN }, (_, k) => Math.floor(((k + 0.5) * count) / SHOWN));
      this.isRunning = false;
      this.isVisible = true;
      this.frames = 0; // of learning, for those who go slowly
      this.drawing = 0; // milliseconds that the last picture took
      this.frame = null; // the one that is asked for
      this.learner = null;
      this.work = null; // the step that is under way
      this.history = null; // nats at each step, by curve
      this.kl = null; // of each dimension, at the last step
      this.axes = null; // the two on the map
      this.knobs = ui.learningKnobs(this);
      this.views = ui.learningViews();
      this.surfaces = { map: new canvas.Surface(this.views.map), curves: new canvas.Surface(this.views.curves) };
      this.restart();
      this.enter(root);
    }

    enter(root) {
      const { knobs: k, views: s } = this;
      const right = make("div", { class: "learning-right" }, s.words, s.curves, ui.learningLegend(), s.bars);
      const stage = make(
        "div",
        { class: "explorer-stage learning-stage" },
        row(k.play, k.once, k.slow, k.restart),
        row(field("beta", k.beta), k.betaShown, field("Latent dimensions", k.latent), field("Seed", k.seed)),
        ...[s.map, right, s.strip, s.live],
      );
      root.replaceChildren(stage, ...root.querySelectorAll("figcaption"));
      root.classList.add("explorer-ready");
      const again = () => this.requestRender();
      new MutationObserver(again).observe(document.body, { attributeFilter: ["data-theme"] });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
      new ResizeObserver(() => {
        canvas.Surface.layouts++;
        again();
      }).observe(stage);
      new IntersectionObserver(([entry]) => {
        this.isVisible = entry.isIntersecting;
        again();
      }).observe(stage);
    }

    get isSlow() {
      return this.knobs.slow.getAttribute("aria-pressed") === "true";
    }

    get weight() {
      return ui.BETAS[this.knobs.beta.value];
    }

    restart() {
      const latent = Number(this.knobs.latent.value);
      const seed = math.clamp(Math.floor(Number(this.knobs.seed.value)) || 0, 0, 999);
      this.knobs.seed.value = seed;
      this.learner = new model.Learner(this.data.images, { latent, seed });
      this.learner.forward(0, this.learner.rows);
      this.history = { total: [], reconstruction: [], kl: [] };
      this.kl = new Float64Array(latent);
      this.axes = [0, 1];
      this.work = null;
      this.views.bars.replaceChildren(
        ...Array.from({ length: latent }, (_, d) =>
          make("div", {}, `z${d}`, make("span", { class: "explorer-bar" }, make("span")), make("output", {})),
        ),
      );
      this.views.live.textContent = "";
      this.requestRender();
    }

    run(isRunning) {
      this.isRunning = isRunning;
      this.knobs.play.textContent = isRunning ? "Pause" : "Play";
      this.views.live.textContent = isRunning ? "" : this.said();
      this.requestRender();
    }

    stepOnce() {
      const before = this.learner.steps;
      while (this.learner.steps === before) this.advance();
      this.run(false);
    }

    /* A slice of a step; after its last one, what the step cost. */
    advance() {
      this.work ??= this.learner.step(this.weight);
      const { done, value } = this.work.next();
      if (!done) return;
      this.work = null;
      this.kl = value.kl;
      const kl = value.kl.reduce((sum, nats) => sum + nats, 0);
      const costs = { total: value.reconstruction + kl, reconstruction: value.reconstruction, kl };
      for (const [name, nats] of Object.entries(costs)) this.history[name].push(nats);
      if (this.learner.steps % PAUSE_EVERY === 0 && this.isRunning) this.run(false);
    }

    learnForAFrame() {
      this.frames++;
      if (this.isSlow) {
        const before = this.learner.steps;
        while (this.frames % SLOW === 0 && this.learner.steps === before) this.advance();
        return;
      }
      const start = performance.now();
      do this.advance();
      while (this.isRunning && performance.now() - start < BUDGET - this.drawing);
    }

    requestRender() {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        if (this.isRunning && this.isVisible) {
          this.learnForAFrame();
          this.requestRender();
        }
        const start = performance.now();
        this.render();
        this.drawing = performance.now() - start;
      });
    }

    render() {
      const { learner, history, data } = this;
      this.knobs.betaShown.textContent = ui.BETA_NAMES[this.knobs.beta.value];
      this.knobs.beta.setAttribute("aria-valuetext", `beta ${ui.BETA_NAMES[this.knobs.beta.value]}`);
      this.surfaces.map.fit();
      this.surfaces.curves.fit();
      this.turnMap();
      canvas.renderClouds(this.surfaces.map, learner, data, { axes: this.axes, half: this.reach() });
      canvas.renderCurves(this.surfaces.curves, history, data, this.levels);
      this.renderImages();
      this.renderBars();
      this.views.words.textContent = this.said();
      this.views.map.setAttribute("aria-label", `The clouds of ${data.count} images on z${this.axes.join(" and z")}.`);
      this.views.curves.setAttribute("aria-label", `Learning curves. ${this.said()}`);
    }

    /* The map shows the two dimensions that carry most, and turns only where another one clearly carries more. */
    turnMap() {
      const order = [...this.kl.keys()].sort((i, j) => this.kl[j] - this.kl[i]);
      const shown = Math.min(...this.axes.map((d) => this.kl[d]));
      const other = order.find((d) => !this.axes.includes(d));
      if (other !== undefined && this.kl[other] > shown + LEAD) this.axes = order.slice(0, 2);
    }

    reach() {
      const { values, latent, rows } = this.learner;
      let far = 3.2;
      for (let i = 0; i < rows; i++)
        for (const d of this.axes) far = Math.max(far, 1.1 * Math.abs(values.mu[i * latent + d]));
      return far;
    }

    renderImages() {
      const { side, images } = this.data;
      const gap = 2;
      const wide = SHOWN * (side + gap) - gap;
      if (this.views.strip.width !== wide) Object.assign(this.views.strip, { width: wide, height: 2 * side + gap });
      const context = this.views.strip.getContext("2d");
      const picture = context.createImageData(wide, 2 * side + gap);
      this.chosen.forEach((image, k) => {
        canvas.paint(picture, images[image], side, k * (side + gap));
        canvas.paint(picture, this.learner.reconstruct(image), side, k * (side + gap), side + gap);
      });
      context.putImageData(picture, 0, 0);
      this.views.strip.setAttribute("aria-label", `${SHOWN} images, and below each what comes back of it.`);
    }

    renderBars() {
      [...this.views.bars.children].forEach((bar, d) => {
        bar.querySelector("span span").style.width = `${math.clamp(this.kl[d] / 3, 0, 1) * 100}%`;
        bar.lastChild.textContent = math.number(this.kl[d]);
      });
    }

    said() {
      const last = (name) => {
        const part = this.history[name].slice(-20); // a single step is noisy
        return part.reduce((sum, nats) => sum + nats, 0) / part.length;
      };
      const { steps } = this.learner;
      if (!steps) return "Before the first step.";
      const [r, kl, total] = ["reconstruction", "kl", "total"].map((name) => math.number(last(name)));
      return `Step ${steps}: ${r} reconstruction + ${kl} KL = ${total} nats per image.`;
    }
  };

  const start = () => {
    const roots = [...document.querySelectorAll("[data-learning]")];
    latentExplorer.learning = roots.map((root) => new ui.Learning(root, JSON.parse(root.dataset.learning)));
  };
  if (document.readyState === "complete") start();
  else addEventListener("DOMContentLoaded", start);
}
