/* latentExplorer.ui: the decode alone, and what a classifier calls it; for a first page. A hand leads the point around
   until the reader takes hold of anything; who asks for less motion gets none until they ask for it. */
"use strict";

latentExplorer.ui.parts.glimpse = (explorer) => {
  const { canvas, ui } = latentExplorer;
  const { make } = ui;
  const large = make("canvas", { class: "explorer-decode", role: "img" });
  const sign = make("canvas", { width: 28, height: 28, "aria-hidden": "true" });
  const name = make("span");
  const button = ui.button("", () => (walk.isOn ? walk.stop() : walk.start()));
  const words = make("p", { class: "explorer-seen" }, "To a classifier: ", sign, name);
  const element = make("div", { class: "explorer-glimpse" }, large, words, button);
  const changed = ui.changes();

  const walk = ui.walk(explorer, () => {
    button.textContent = walk.isOn ? "Pause the walk" : "Walk";
    explorer.stage.classList.toggle("explorer-walking", walk.isOn);
  });
  const takeOver = ({ target }) => walk.isOn && !button.contains(target) && walk.stop();
  for (const kind of ["pointerdown", "keydown"]) explorer.stage.addEventListener(kind, takeOver, true);
  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (lessMotion || explorer.isRestored) walk.stop();
  else walk.start();

  return {
    element,
    render() {
      const { data, model, pixels, state, themes } = explorer;
      canvas.renderImage(large, pixels, data.side);
      const seen = model.classMap?.at(...state.z);
      if (!changed(seen, themes)) return;
      words.hidden = seen === undefined;
      if (words.hidden) return;
      name.textContent = data.classes[seen];
      large.setAttribute("aria-label", `Decode of the point: to a classifier, ${data.classes[seen]}`);
      const context = sign.getContext("2d");
      context.clearRect(0, 0, 28, 28);
      canvas.renderSign(context, canvas.sign(data, seen, 10, 3.5), [14, 14]);
    },
  };
};
