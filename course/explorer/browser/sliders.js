/* A slider for each latent dimension, those that carry most first, collapsed ones last and marked. */
"use strict";

latentExplorer.COLLAPSED = 0.01; // nats: at or below it a dimension carries nothing

latentExplorer.parts.sliders = (explorer) => {
  const { make, number } = latentExplorer;
  const list = make("div", { class: "explorer-sliders" });
  const note = make("p", { class: "explorer-note" });
  const element = latentExplorer.section("dimensions", "Every dimension", note, list);
  let rows = [];
  let made = null;

  const build = (model) => {
    const largest = Math.max(...model.kl, 1e-9);
    const reach = (d) => Math.max(model.sigma ? 4 : 1, 1.25 * Math.max(...model.mu.map((code) => Math.abs(code[d]))));
    note.textContent = model.sigma
      ? "Sorted by what a dimension carries: its KL, in nats per image."
      : "Sorted by how far the codes spread along a dimension: their variance.";
    rows = model.order.map((d) => {
      const collapsed = Boolean(model.sigma) && model.kl[d] <= latentExplorer.COLLAPSED;
      const worth = model.sigma ? `${number(model.kl[d])} nats` : number(model.kl[d], 1);
      const value = make("output", { "aria-live": "off" });
      const slider = make("input", {
        type: "range", min: -reach(d), max: reach(d), step: "any", "data-dimension": d,
        "aria-label": `Latent dimension ${d}, ${collapsed ? "collapsed" : worth}`,
        onkeydown: (event) => step(event, d, reach(d)), oninput: () => change(d, Number(slider.value)),
      });
      const bar = make("span", { class: "explorer-bar" }, make("span", { style: `width: ${(100 * model.kl[d]) / largest}%` }));
      const row = make("div", { class: `explorer-slider${collapsed ? " explorer-collapsed" : ""}` },
        make("span", { class: "explorer-dimension" }, `z${d}`), bar, make("span", { class: "explorer-worth" }, collapsed ? "collapsed" : worth), slider, value);
      return { d, slider, value, row };
    });
    list.replaceChildren(...rows.map(({ row }) => row));
  };

  const change = (d, to) => explorer.move(explorer.state.z.map((value, k) => (k === d ? to : value)));
  /* Arrow keys move by a fortieth, whatever a browser thinks of a slider without steps. */
  const step = (event, d, reach) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
    if (!by) return;
    event.preventDefault();
    change(d, Math.max(-reach, Math.min(reach, explorer.state.z[d] + (by * reach) / 40)));
  };

  return {
    element,
    draw() {
      if (made !== explorer.model) build(explorer.model);
      made = explorer.model;
      for (const row of rows) {
        const { d, slider, value } = row;
        const at = explorer.state.z[d];
        if (row.at === at) continue;
        row.at = at;
        if (Math.abs(at) > slider.max) [slider.min, slider.max] = [-Math.abs(at), Math.abs(at)]; // never show another value
        slider.value = at;
        value.textContent = number(at);
      }
    },
  };
};
