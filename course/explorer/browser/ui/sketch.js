/* latentExplorer.ui: an image of the reader's own. The board and what else it needs are loaded with the encoder, when
   they are asked for. */
"use strict";

latentExplorer.ui.parts.draw = (explorer) => {
  const { ui, encoders } = latentExplorer;
  const note = ui.note({ id: `${explorer.id}-board-help` });
  const load = ui.button("", () => fetchEncoder());
  const element = ui.section("draw", "Draw an image of your own", note, load);
  let asked = false;
  let fetching = false;
  let failed = ""; // the model whose encoder could not be loaded
  let sketching = null; // board and reconstruction, when their scripts are there

  const fetchEncoder = async () => {
    const name = explorer.state.model;
    asked = true;
    fetching = true;
    failed = "";
    try {
      await latentExplorer.load(explorer.options.encoders[name].files);
    } catch {
      failed = name;
      explorer.live.textContent = "The encoder could not be loaded. Is the folder of this page complete?";
    }
    fetching = false;
    explorer.requestRender();
  };
  const instructions = (isLoaded) => {
    const { model, state, data } = explorer;
    if (state.stage !== null) {
      return "The encoder that comes with this page is that of the trained model: go back to it to draw.";
    }
    if (!isLoaded) {
      return (
        "The decoder is here already. With the encoder too, you can draw, and see on the map where your drawing " +
        "lands."
      );
    }
    const how =
      "Draw with mouse or finger. With keys, arrows move a cursor and the space bar changes what is under it.";
    const told = `This encoder is told a class as well: ${data.classes[state.label]}, as chosen at the top.`;
    return model.labels ? `${how} ${told}` : how;
  };

  const renderButton = (canLoad) => {
    const kilobytes = explorer.options.encoders?.[explorer.state.model]?.kilobytes;
    load.hidden = !canLoad;
    load.disabled = fetching;
    load.textContent = fetching ? "Loading the encoder…" : `Load the encoder, ${kilobytes} KB`;
  };
  const renderSketching = (isThere) => {
    if (isThere && !sketching) {
      sketching = ui.sketching(explorer, note.id);
      element.append(sketching.element);
    }
    if (!sketching) return;
    sketching.element.hidden = !isThere;
    if (isThere) sketching.render();
  };

  return {
    element,
    render() {
      const { state, options } = explorer;
      const isLoaded = Boolean(encoders[state.model]);
      const isTrained = state.stage === null;
      const canLoad = isTrained && !isLoaded && Boolean(options.encoders?.[state.model]);
      const isWanted = asked || Boolean(state.sketch);
      if (canLoad && isWanted && !fetching && failed !== state.model) fetchEncoder();
      note.textContent = instructions(isLoaded);
      renderButton(canLoad);
      renderSketching(isLoaded && isTrained);
    },
  };
};
