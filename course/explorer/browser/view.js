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
    const here = latentExplorer.cloud(explorer, state.image);
    const image = here ? state.image : latentExplorer.closest(model.mu, state.z);
    const draws = (here ? state.draws : 0) + 1;
    const label = model.labels ? explorer.data.labels[image] ?? state.label : 0;
    explorer.set({ z: latentExplorer.draw(here ?? latentExplorer.cloud(explorer, image), draws), image, draws, t: null, label });
  };
  const eps = make("button", { type: "button", onclick: again }, "Draw ε again");
  const prior = make("button", { type: "button", onclick: sample }, "Sample the prior");
  const back = make("button", { type: "button", onclick: reset }, "Reset");
  const element = make("div", { class: "explorer-view" }, make("figure", { class: "explorer-picture" }, large, beside),
    make("div", { class: "explorer-acts" }, make("div", { class: "explorer-row" }, eps, prior, back), formula));

  const why = () => {
    const { model, state } = explorer;
    if (!model.sigma) return state.seed && state.image === -1
      ? "An autoencoder never promised anything about N(0, I): most of it is empty." : "An autoencoder answers with a point: there is no cloud to draw from.";
    if (!state.draws) return state.image === -1 ? "" : `This is μ, the middle of ${state.image < 0 ? "your drawing’s" : "the image’s"} cloud: ε = 0.`;
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
      const own = image === latentExplorer.OWN;
      small.hidden = image === -1;
      if (own) {
        latentExplorer.showImage(small, latentExplorer.drawn(explorer), data.side);
        small.setAttribute("aria-label", "Your drawing");
      } else if (image >= 0) {
        latentExplorer.showImage(small, data.images[image], data.side);
        small.setAttribute("aria-label", `Image of the set: ${data.names[image]}`);
      }
      const distance = found && number(found.distance, 1);
      words.textContent = !found ? own ? "Your drawing" : (image >= 0 ? `Image: ${data.names[image]}` : "The code of no image")
        : found.valid ? `${data.names[image]}, ${distance} pixels off` : `no image of the set: ${distance} pixels off the nearest, ${data.names[image]}`;
      beside.classList.toggle("explorer-invalid", Boolean(found && !found.valid));
      eps.disabled = !model.sigma;
      formula.textContent = why();
    },
  };
};

/* The noise of the n-th draw: decided by its number, so that a link shows the same point. */
latentExplorer.noise = (model, draw) => Array.from({ length: model.latent }, latentExplorer.normal(7919 + draw));

/* A point of a cloud: that of the n-th draw, or mu, which is draw 0. */
latentExplorer.draw = ({ mu, sigma }, draw) => {
  if (!draw) return Array.from(mu);
  const noise = latentExplorer.noise({ latent: mu.length }, draw);
  return Array.from(mu, (value, d) => value + sigma[d] * noise[d]);
};
