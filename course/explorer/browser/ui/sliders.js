/* latentExplorer.ui: a slider for each latent dimension, those that carry most first, collapsed ones last and marked.
 */
"use strict";

latentExplorer.ui.parts.sliders = (explorer) => {
  const { math, ui } = latentExplorer;
  const { make } = ui;
  const { isCollapsed } = latentExplorer.model;
  const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 };
  const list = make("div", { class: "explorer-sliders" });
  const note = ui.note();
  const element = ui.section("dimensions", "Every dimension", note, list);
  let rows = [];
  let builtFor = null;

  const change = (d, to) => explorer.move(explorer.state.z.map((value, k) => (k === d ? to : value)));
  /* Arrow keys move by a fortieth, whatever a browser thinks of a slider without steps. */
  const step = (event, d, reach) => {
    const by = STEPS[event.key];
    if (!by) return;
    event.preventDefault();
    change(d, math.clamp(explorer.state.z[d] + (by * reach) / 40, -reach, reach));
  };

  const reachOf = (model, d) => {
    const furthest = Math.max(...model.mu.map((code) => Math.abs(code[d])));
    return Math.max(model.sigma ? 4 : 1, 1.25 * furthest);
  };
  const worthOf = (model, d) => {
    if (isCollapsed(model, d)) return "collapsed";
    return model.sigma ? `${math.number(model.kl[d])} nats` : math.number(model.kl[d], 1);
  };

  const buildRow = (model, d) => {
    const reach = reachOf(model, d);
    const worth = worthOf(model, d);
    const share = (100 * model.kl[d]) / Math.max(...model.kl, 1e-9);
    const output = make("output", { "aria-live": "off" });
    const slider = make("input", {
      type: "range",
      min: -reach,
      max: reach,
      step: "any",
      "data-dimension": d,
      "aria-label": `Latent dimension ${d}, ${worth}`,
      onkeydown: (event) => step(event, d, reach),
      oninput: () => change(d, Number(slider.value)),
    });
    const row = make(
      "div",
      { class: `explorer-slider${isCollapsed(model, d) ? " explorer-collapsed" : ""}` },
      make("span", { class: "explorer-dimension" }, `z${d}`),
      make("span", { class: "explorer-bar" }, make("span", { style: `width: ${share}%` })),
      make("span", { class: "explorer-worth" }, worth),
      slider,
      output,
    );
    return { d, slider, output, row, shown: null };
  };

  const build = (model) => {
    note.textContent = model.sigma
      ? "Sorted by what a dimension carries: its KL, in nats per image."
      : "Sorted by how far the codes spread along a dimension: their variance.";
    rows = model.order.map((d) => buildRow(model, d));
    list.replaceChildren(...rows.map(({ row }) => row));
  };

  const renderRow = (row) => {
    const { d, slider, output } = row;
    const value = explorer.state.z[d];
    if (row.shown === value) return;
    row.shown = value;
    if (Math.abs(value) > slider.max) {
      slider.min = -Math.abs(value); // never show another value
      slider.max = Math.abs(value);
    }
    slider.value = value;
    output.textContent = math.number(value);
  };

  return {
    element,
    render() {
      if (builtFor !== explorer.model) build(explorer.model);
      builtFor = explorer.model;
      rows.forEach(renderRow);
    },
  };
};
