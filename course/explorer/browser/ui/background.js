/* latentExplorer.ui: the background of the map, painted a few milliseconds a frame. */
"use strict";

latentExplorer.ui.background = (explorer) => {
  const { canvas, ui } = latentExplorer;
  const BUDGET = 4; // milliseconds a frame
  const CELLS = 72; // in a row of a class map
  const element = ui.make("canvas", { class: "explorer-background", "aria-hidden": "true" });
  const changed = ui.changes();
  let work = null;

  /* What it depends on: not where in the plane the point is, but which plane it is. */
  const key = () => {
    const { state, plane, themes } = explorer;
    const through = plane.moved(state.z, 0, 0).map((value) => value.toFixed(3));
    return [state.model, state.stage, state.axes, state.background, state.label, themes, ...through];
  };
  const classPainter = () => {
    if (explorer.data.on) return canvas.paintClasses;
    return explorer.model.classMap ? canvas.paintJudgedClasses : null;
  };
  const begin = () => {
    const { state, data } = explorer;
    const isGrid = state.background === "grid";
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
    element, // below the map, so that a point that moves does not paint it again
    render() {
      const { background } = explorer.state;
      element.hidden = background === "none";
      if (element.hidden) return;
      element.style.opacity = background === "grid" ? 0.5 : 0.8;
      const anew = changed(...key()); // as often as a hand moves the plane, and beginning costs something
      if (anew) begin();
      explorer.backgroundStatus = work ? "unfinished" : "done";
      if (work) proceed(anew ? BUDGET / 2 : BUDGET);
    },
  };
};
