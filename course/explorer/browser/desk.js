/* The board, what comes back when the drawing is encoded and decoded, and what that costs. */
"use strict";

latentExplorer.desk = (explorer, help) => {
  const { make, drawn } = latentExplorer;
  const board = latentExplorer.board(explorer, help);
  const back = make("canvas", { class: "explorer-back", role: "img" });
  const words = make("p", { class: "explorer-words" });
  const costs = latentExplorer.costs(explorer);
  const button = (word, onclick) => make("button", { type: "button", onclick }, word);
  const rub = make("button", { type: "button", "aria-pressed": "false", onclick: () => {
    board.rubs = !board.rubs;
    rub.setAttribute("aria-pressed", String(board.rubs));
  } }, "Rub out");
  let flips = 0;

  const clear = () => board.put(new Float32Array(explorer.data.side ** 2));
  const start = () => { // from the image of the set where the point is or to which it is nearest
    const { state, data, model } = explorer;
    const image = state.image >= 0 ? state.image : latentExplorer.closest(model.mu, state.z);
    state.label = model.labels ? data.labels[image] : 0;
    board.put(Float32Array.from(data.images[image]));
  };
  const flip = () => { // the same pixels in the same order on every visit
    const x = Float32Array.from(drawn(explorer));
    const k = Math.floor(latentExplorer.uniform(104729 + flips++)() * x.length);
    x[k] = 1 - x[k];
    board.put(x);
  };
  const title = (text) => make("p", { class: "explorer-note", "aria-hidden": "true" }, text);
  const element = make("div", { class: "explorer-drawing" },
    make("div", { class: "explorer-x" }, title("x, to draw on"), board.canvas, board.place),
    make("div", { class: "explorer-row" }, button("Clear", clear), button("Start from the chosen image", start), button("Flip one pixel at random", flip), rub),
    make("div", { class: "explorer-x-hat" }, title("x̂, what comes back"), back), words, costs.element);
  let [shown, theme] = [null, null];

  return {
    element,
    draw() {
      const { data } = explorer;
      rub.hidden = data.bits === 1;
      board.draw();
      const seen = latentExplorer.seen(explorer);
      if (shown === seen && theme === explorer.theme) return;
      [shown, theme] = [seen, explorer.theme];
      latentExplorer.showImage(back, seen.pixels, data.side);
      words.textContent = latentExplorer.comesBack(data, seen.pixels);
      back.setAttribute("aria-label", words.textContent);
      costs.draw(seen);
    },
  };
};

latentExplorer.comesBack = (data, pixels) => {
  const found = latentExplorer.nearest(data, pixels);
  if (!found) return "What comes back is the decode of μ.";
  const name = data.names[found.index];
  return found.valid ? `What comes back is an image of the set: ${name}.` : `What comes back is no image of the set; the nearest is ${name}.`;
};

/* A table of costs in nats, beside those of the images on the map. */
latentExplorer.costs = (explorer) => {
  const { make, number } = latentExplorer;
  const titles = { reconstruction: "Reconstruction", kl: "KL", bound: "−ELBO at μ" };
  const body = make("tbody");
  const [mine, theirs] = [make("th", { scope: "col" }), make("th", { scope: "col" })];
  const verdict = make("p", { class: "explorer-note" });
  const element = make("div", { class: "explorer-x-costs" }, make("table", { class: "explorer-costs" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Nats"), mine, theirs)), body), verdict);
  const row = (name, value, [low, high]) => make("tr", { "data-cost": name, class: value > high ? "explorer-above" : null },
    make("th", { scope: "row" }, titles[name]), make("td", {}, number(value, 1)), make("td", {}, `${number(low, 1)} to ${number(high, 1)}`));

  return {
    element,
    draw({ costs }) {
      const { state, data } = explorer;
      const { usual } = latentExplorer.encoders[state.model];
      mine.textContent = state.x ? "your drawing" : "this image";
      theirs.textContent = `all ${data.count} images`;
      body.replaceChildren(...Object.entries(costs).map(([name, value]) => row(name, value, usual[name])));
      const name = costs.bound === undefined ? "reconstruction" : "bound";
      const above = costs[name] - usual[name][1];
      verdict.textContent = above > 0.05
        ? `${titles[name]} is ${number(above, 1)} nats above that of any of the ${data.count} images on the map.`
        : `It costs no more than the ${data.count} images on the map do.`;
    },
  };
};
