/* An image of the reader's own: a desk to draw it at, which is loaded with the encoder when it is asked for. */
"use strict";

latentExplorer.parts.draw = (explorer) => {
  const { make, encoders } = latentExplorer;
  const note = make("p", { class: "explorer-note", id: `${explorer.id}-board-help` });
  const load = make("button", { type: "button", onclick: () => fetched() });
  const element = latentExplorer.section("draw", "Draw an image of your own", note, load);
  let [open, fetching, failed, desk] = [false, false, "", null];

  const fetched = async () => {
    const name = explorer.state.model;
    [open, fetching, failed] = [true, true, ""];
    try {
      await latentExplorer.load(explorer.options.encoders[name].files);
    } catch {
      failed = name;
      explorer.live.textContent = "The encoder could not be loaded. Is the folder of this page complete?";
    }
    fetching = false;
    explorer.redraw();
  };
  const how = (there) => {
    const { model, state, data } = explorer;
    if (state.stage !== null) return "The encoder that comes with this page is that of the trained model: go back to it to draw.";
    if (!there) return "The decoder is here already. With the encoder too, you can draw, and see on the map where your drawing lands.";
    const told = model.labels ? ` This encoder is told a class as well: ${data.classes[state.label]}, as chosen at the top.` : "";
    return `Draw with mouse or finger. With keys, arrows move a cursor and the space bar changes what is under it.${told}`;
  };

  return {
    element,
    draw() {
      const { state, options } = explorer;
      const [file, there, trained] = [options.encoders?.[state.model], Boolean(encoders[state.model]), state.stage === null];
      if ((open || state.x) && trained && !there && file && !fetching && failed !== state.model) fetched();
      note.textContent = how(there);
      load.hidden = there || !trained || !file;
      load.disabled = fetching;
      load.textContent = fetching ? "Loading the encoder…" : `Load the encoder, ${file?.kilobytes} KB`;
      if (there && !desk) element.append((desk = latentExplorer.desk(explorer, note.id)).element);
      if (!desk) return;
      desk.element.hidden = !there || !trained;
      if (!desk.element.hidden) desk.draw();
    },
  };
};
