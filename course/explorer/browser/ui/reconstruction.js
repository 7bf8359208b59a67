/* latentExplorer.ui: the board, the reconstruction of what is on it, and what that costs. */
"use strict";
{
  const { canvas, math, ui } = latentExplorer;
  const { make, button, note } = ui;
  const { nearestImage } = latentExplorer.model;
  const FIRST_FLIP = 104729; // a seed: the same pixels in the same order on every visit

  const describe = (data, pixels) => {
    const found = nearestImage(data, pixels);
    if (!found) return "What comes back is the decode of μ.";
    const name = data.names[found.index];
    return found.valid
      ? `What comes back is an image of the set: ${name}.`
      : `What comes back is no image of the set; the nearest is ${name}.`;
  };

  /* A table of costs in nats, beside those of the images on the map. */
  ui.costs = (explorer) => {
    const TITLES = { reconstruction: "Reconstruction", kl: "KL", bound: "−ELBO at μ" };
    const heading = (...words) => make("th", { scope: "col" }, ...words);
    const mine = heading();
    const theirs = heading();
    const body = make("tbody");
    const verdict = note();
    const head = make("thead", {}, make("tr", {}, heading("Nats"), mine, theirs));
    const table = make("table", { class: "explorer-costs" }, head, body);
    const element = make("div", { class: "explorer-x-costs" }, table, verdict);

    const row = (name, value, [low, high]) =>
      make(
        "tr",
        { "data-cost": name, class: value > high ? "explorer-above" : null },
        make("th", { scope: "row" }, TITLES[name]),
        make("td", {}, math.number(value, 1)),
        make("td", {}, `${math.number(low, 1)} to ${math.number(high, 1)}`),
      );

    return {
      element,
      render({ costs }) {
        const { state, data } = explorer;
        const { usual } = latentExplorer.encoders[state.model];
        mine.textContent = state.sketch ? "your drawing" : "this image";
        theirs.textContent = `all ${data.count} images`;
        body.replaceChildren(...Object.entries(costs).map(([name, value]) => row(name, value, usual[name])));
        const name = costs.bound === undefined ? "reconstruction" : "bound";
        const above = math.number(costs[name] - usual[name][1], 1);
        verdict.textContent =
          costs[name] - usual[name][1] > 0.05
            ? `${TITLES[name]} is ${above} nats above that of any of the ${data.count} images on the map.`
            : `It costs no more than the ${data.count} images on the map do.`;
      },
    };
  };

  ui.sketching = (explorer, help) => {
    const board = new ui.Board(explorer, help);
    const decoded = make("canvas", { class: "explorer-reconstruction", role: "img" });
    const words = make("p", { class: "explorer-words" });
    const costs = ui.costs(explorer);
    const changed = ui.changes();
    let shown = null;
    let flips = 0;

    const clear = () => board.put(new Float32Array(explorer.data.side ** 2));
    const startFromImage = () => {
      const { state, data, model, nearbyImage } = explorer;
      state.label = model.labels ? data.labels[nearbyImage] : 0;
      board.put(Float32Array.from(data.images[nearbyImage]));
    };
    const flip = () => {
      const x = Float32Array.from(explorer.sketch);
      const k = Math.floor(math.uniform(FIRST_FLIP + flips)() * x.length);
      flips++;
      x[k] = 1 - x[k];
      board.put(x);
    };
    const rub = button(
      "Rub out",
      () => {
        board.rubs = !board.rubs;
        rub.setAttribute("aria-pressed", String(board.rubs));
      },
      { "aria-pressed": "false" },
    );
    const title = (text) => note({ "aria-hidden": "true" }, text);
    const element = make(
      "div",
      { class: "explorer-drawing" },
      make("div", { class: "explorer-x" }, title("x, to draw on"), board.canvas, board.place),
      ui.row(
        button("Clear", clear),
        button("Start from the chosen image", startFromImage),
        button("Flip one pixel at random", flip),
        rub,
      ),
      make("div", { class: "explorer-x-hat" }, title("x̂, what comes back"), decoded),
      words,
      costs.element,
    );

    return {
      element,
      render() {
        const { data } = explorer;
        rub.hidden = data.bits === 1;
        board.render();
        const cloud = explorer.sketchCloud;
        if (!changed(explorer.themes) && shown === cloud) return;
        shown = cloud;
        canvas.renderImage(decoded, cloud.pixels, data.side);
        words.textContent = describe(data, cloud.pixels);
        decoded.setAttribute("aria-label", words.textContent);
        costs.render(cloud);
      },
    };
  };
}
