/* The decode of the point, large; the image it comes from or is nearest to, small; and what can be done with it. */
"use strict";

latentExplorer.parts.view = (explorer) => {
  const { make, number, normal } = latentExplorer;
  const large = make("canvas", { class: "explorer-decode", role: "img" });
  const small = make("canvas", { class: "explorer-original", role: "img" });
  const words = make("p", { class: "explorer-words" });
  const beside = make("figcaption", { class: "explorer-beside" }, small, words);
  const formula = make("p", { class: "explorer-formula" });

  const reset = () => explorer.set(explorer.first(explorer.state.model));
  const sample = () => {
    const seed = explorer.state.seed + 1;
    const draw = normal(seed);
    explorer.move(Array.from({ length: explorer.model.latent }, draw), -1, { seed });
  };
  /* z = mu + sigma * eps for the image at hand, with another eps each time, the same ones on every visit. */
  const again = () => {
    const { model, state } = explorer;
    const image = state.image >= 0 ? state.image : latentExplorer.closest(model.mu, state.z);
    const draws = (state.image >= 0 ? state.draws : 0) + 1;
    explorer.set({ z: latentExplorer.draw(model, image, draws), image, draws, t: null, label: model.labels ? explorer.data.labels[image] : 0 });
  };
  const eps = make("button", { type: "button", onclick: again }, "Draw ε again");
  const prior = make("button", { type: "button", onclick: sample }, "Sample the prior");
  const back = make("button", { type: "button", onclick: reset }, "Reset");
  const element = make("div", { class: "explorer-view" }, make("figure", { class: "explorer-picture" }, large, beside),
    make("div", { class: "explorer-acts" }, make("div", { class: "explorer-row" }, eps, prior, back), formula));

  const why = () => {
    const { model, state } = explorer;
    if (!model.sigma) return state.seed && state.image < 0
      ? "An autoencoder never promised anything about N(0, I): most of it is empty." : "An autoencoder answers with a point: there is no cloud to draw from.";
    if (!state.draws) return state.image >= 0 ? "This is μ, the middle of the image’s cloud: ε = 0." : "";
    const noise = latentExplorer.noise(model, state.draws);
    const shown = model.order.slice(0, 3).map((d) => number(noise[d])).join(", ");
    return `z = μ + σ ⊙ ε, draw ${state.draws}: ε = (${shown}${model.latent > 3 ? ", …" : ""})`;
  };

  return {
    element,
    draw() {
      const { state, model, data, found, pixels } = explorer;
      latentExplorer.showImage(large, pixels, data.side);
      large.setAttribute("aria-label", explorer.describe());
      const image = found ? found.index : state.image;
      small.hidden = image < 0;
      if (image >= 0) {
        latentExplorer.showImage(small, data.images[image], data.side);
        small.setAttribute("aria-label", `Image of the set: ${data.names[image]}`);
      }
      const distance = found && number(found.distance, 1);
      words.textContent = !found ? (image >= 0 ? `Image: ${data.names[image]}` : "The code of no image")
        : found.valid ? `${data.names[image]}, ${distance} pixels off` : `no image of the set: ${distance} pixels off the nearest, ${data.names[image]}`;
      beside.classList.toggle("explorer-invalid", Boolean(found && !found.valid));
      eps.disabled = !model.sigma;
      formula.textContent = why();
    },
  };
};

/* The noise of the n-th draw: decided by its number, so that a link shows the same point. */
latentExplorer.noise = (model, draw) => Array.from({ length: model.latent }, latentExplorer.normal(7919 + draw));

latentExplorer.draw = (model, image, draw) => {
  const noise = latentExplorer.noise(model, draw);
  return Array.from(model.mu[image], (mu, d) => mu + model.sigma[image][d] * noise[d]);
};
