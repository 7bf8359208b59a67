/* latentExplorer.ui: the background of the map, painted a few milliseconds a frame: a map of classes, a grid of images,
   or the grid faintly over the map. */
"use strict";

latentExplorer.ui.background = (explorer) => {
  const layers = ["class", "grid"].map((kind) => latentExplorer.ui.backgroundLayer(explorer, kind));
  return {
    elements: layers.map(({ element }) => element), // below the map, so that a point that moves does not paint it again
    render() {
      const unfinished = layers.map((layer) => layer.render()).includes(true);
      if (explorer.state.background !== "none") explorer.backgroundStatus = unfinished ? "unfinished" : "done";
    },
  };
};

latentExplorer.ui.backgroundLayer = (explorer, kind) => {
  const { canvas, ui } = latentExplorer;
  const isGrid = kind === "grid";
  const BUDGET = 4; // milliseconds a frame
  const CELLS = 72; // in a row of a class map
  const element = ui.make("canvas", { class: `explorer-background explorer-${kind}-layer`, "aria-hidden": "true" });
  const changed = ui.changes();
  let work = null;

  /* What it depends on: not where in the plane the point is, but which plane it is. */
  const key = () => {
    const { state, plane, themes } = explorer;
    const through = plane.moved(state.z, 0, 0).map((value) => value.toFixed(3));
    return [state.model, state.stage, state.axes, state.label, themes, ...through];
  };
  const classPainter = () => {
    if (explorer.data.on) return canvas.paintClasses;
    return explorer.model.classMap ? canvas.paintJudgedClasses : null;
  };
  const begin = () => {
    const { data } = explorer;
    const images = data.side > 16 ? 9 : 13;
    const cells = isGrid ? images : CELLS;
    const paint = isGrid ? canvas.paintGrid : classPainter();
    element.width = element.height = isGrid ? canvas.gridSize(data, cells) : cells; // which also empties it
    const context = element.getContext("2d");
    const image = context.getImageData(0, 0, element.width, element.height);
    work = paint && { steps: paint(explorer, image, cells), image, context };
  };
  const proceed = (budget) => {
    const until = performance.now() + budget;
    let done = false;
    while (!done && performance.now() < until) ({ done } = work.steps.next());
    work.context.putImageData(work.image, 0, 0);
    if (done) work = null;
    explorer.requestRender(); // once more when it is done, for what is said about it
  };

  return {
    element,
    /* True while there is more to paint. */
    render() {
      const { background } = explorer.state;
      element.hidden = background !== kind && background !== "both";
      if (element.hidden) return false;
      const anew = changed(...key()); // as often as a hand moves the plane, and beginning costs something
      if (anew) begin();
      const unfinished = work !== null;
      if (work) proceed(anew ? BUDGET / 2 : BUDGET);
      return unfinished;
    },
  };
};
