/* latentExplorer.ui: the decode of the point, large; the image it comes from or is nearest to, small; and what can be
   done with the point. */
"use strict";

latentExplorer.ui.parts.view = (explorer) => {
  const { canvas, math, ui } = latentExplorer;
  const { make, button } = ui;
  const { NO_IMAGE, SKETCH, noise, sampleCloud } = latentExplorer.model;
  const large = make("canvas", { class: "explorer-decode", role: "img" });
  const small = make("canvas", { class: "explorer-original", role: "img" });
  const words = make("p", { class: "explorer-words" });
  const beside = make("figcaption", { class: "explorer-beside" }, small, words);
  const formula = make("p", { class: "explorer-formula" });

  const samplePrior = () => {
    const seed = explorer.state.seed + 1;
    explorer.move(Array.from({ length: explorer.model.latent }, math.normal(seed)), NO_IMAGE, { seed });
  };
  /* z = mu + sigma * eps for the image at hand, with another eps each time, the same ones on every visit. */
  const sampleAgain = () => {
    const { model, state, data } = explorer;
    const isOwnCloud = Boolean(explorer.cloud(state.image));
    const image = isOwnCloud ? state.image : math.nearestRow(model.mu, state.z);
    const samples = (isOwnCloud ? state.samples : 0) + 1;
    const label = model.labels ? (data.labels[image] ?? state.label) : 0;
    explorer.set({ z: sampleCloud(explorer.cloud(image), samples), image, samples, t: null, label });
  };
  const eps = button("Draw ε again", sampleAgain);
  const prior = button("Sample the prior", samplePrior);
  const reset = button("Reset", () => explorer.set(explorer.first(explorer.state.model)));
  const acts = make("div", { class: "explorer-acts" }, ui.row(eps, prior, reset), formula);
  const picture = make("figure", { class: "explorer-picture" }, large, beside);
  const element = make("div", { class: "explorer-view" }, picture, acts);

  /* Where the point comes from. */
  const origin = () => {
    const { model, state } = explorer;
    if (!model.sigma) {
      return state.seed && state.image === NO_IMAGE
        ? "An autoencoder never promised anything about N(0, I): most of it is empty."
        : "An autoencoder answers with a point: there is no cloud to draw from.";
    }
    if (state.samples) {
      const values = noise(model.latent, state.samples);
      const first = model.order.slice(0, 3).map((d) => math.number(values[d]));
      const shown = [...first, ...(model.latent > 3 ? ["…"] : [])].join(", ");
      return `z = μ + σ ⊙ ε, draw ${state.samples}: ε = (${shown})`;
    }
    if (state.image === NO_IMAGE) return "";
    return `This is μ, the middle of ${state.image < 0 ? "your drawing’s" : "the image’s"} cloud: ε = 0.`;
  };

  const renderSmall = (image) => {
    const { data } = explorer;
    small.hidden = image === NO_IMAGE;
    if (small.hidden) return;
    const isSketch = image === SKETCH;
    canvas.renderImage(small, isSketch ? explorer.sketch : data.images[image], data.side);
    small.setAttribute("aria-label", isSketch ? "Your drawing" : `Image of the set: ${data.names[image]}`);
  };

  const caption = (image) => {
    const { data, found } = explorer;
    if (found) {
      const distance = math.number(found.distance, 1);
      const name = data.names[image];
      return found.valid
        ? `${name}, ${distance} pixels off`
        : `no image of the set: ${distance} pixels off the nearest, ${name}`;
    }
    if (image === SKETCH) return "Your drawing";
    return image >= 0 ? `Image: ${data.names[image]}` : "The code of no image";
  };

  return {
    element,
    acts, // which a docked explorer shows with its sliders
    render() {
      const { state, model, data, found, pixels } = explorer;
      canvas.renderImage(large, pixels, data.side);
      large.setAttribute("aria-label", explorer.describe());
      const image = found ? found.index : state.image;
      renderSmall(image);
      words.textContent = caption(image);
      beside.classList.toggle("explorer-invalid", Boolean(found && !found.valid));
      eps.disabled = !model.sigma;
      formula.textContent = origin();
    },
  };
};
