/* latentExplorer.ui: where the parts of an explorer stand. With several tools it is docked, one screen high: map and
   decode stay in view, and the tools share the place beside them. */
"use strict";
{
  const { ui } = latentExplorer;
  const { make } = ui;
  const TOOLS = {
    sliders: "Sliders",
    ways: "A to B",
    draw: "Draw",
    training: "Training",
    matrix: "Pairs",
    share: "Share",
  };
  const SPEAKS_OF = { sketch: "draw", stage: "training", t: "ways" }; // entries of an address, and their tools

  ui.fillStage = (explorer) => {
    const made = (...names) => {
      const wanted = names.filter((name) => name === "head" || explorer.shows(name));
      const parts = wanted.map((name) => ({ name, ...ui.parts[name](explorer) }));
      explorer.parts.push(...parts);
      return parts;
    };
    const elements = (parts) => parts.map(({ element }) => element);
    const [head] = made("head");
    const pictures = made("map", "view", "glimpse");
    const tools = made(...Object.keys(TOOLS));
    if (tools.length > 1) {
      dock(explorer, head, pictures, tools);
    } else {
      const [map, ...views] = elements(pictures);
      const left = make("div", { class: "explorer-column" }, map);
      const isNarrow = tools[0]?.name === "sliders"; // any other tool wants the whole width
      const right = make("div", { class: "explorer-column" }, ...views, ...(isNarrow ? elements(tools) : []));
      explorer.stage.append(head.element, left, right, ...(isNarrow ? [] : elements(tools)));
    }
    explorer.stage.append(explorer.live);
    explorer.root.prepend(explorer.stage);
    explorer.root.classList.add("explorer-ready");
  };

  const dock = (explorer, head, pictures, tools) => {
    const { controls } = pictures.find(({ name }) => name === "map");
    const acts = pictures.find(({ name }) => name === "view")?.acts;
    const titled = tools.map(({ name, element }) => ({ name, title: TOOLS[name], element }));
    titled[0].beside = acts;
    titled.splice(1, 0, { name: "map", title: "Map", element: controls });
    explorer.tabs = ui.tabs(explorer, titled);
    explorer.undo = ui.undo(explorer);
    head.element.firstChild.after(explorer.undo.element);
    explorer.stage.classList.add("explorer-docked");
    explorer.stage.append(head.element, ...pictures.map(({ element }) => element), ...explorer.tabs.elements);
    explorer.undo.keep();
    ui.turnToAddress(explorer);
  };

  /* Shows the tool that the address speaks of. */
  ui.turnToAddress = (explorer) => {
    const given = explorer.tabs && latentExplorer.model.address.read(explorer.id, location.hash);
    const entry = given && Object.keys(SPEAKS_OF).find((name) => given[name] !== undefined);
    if (entry && explorer.shows(SPEAKS_OF[entry])) explorer.tabs.show(SPEAKS_OF[entry]);
  };

  /* A tool behind another one is not rendered; a training is, because an address may ask it to load. */
  ui.isPutAway = (explorer, { name }) =>
    Boolean(explorer.tabs && TOOLS[name]) && name !== "training" && name !== explorer.tabs.shown;
}
