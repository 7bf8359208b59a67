/* latentExplorer.ui: takes back what the reader did, and does it again: views as their addresses, where the point has
   come to rest. */
"use strict";

latentExplorer.ui.undo = (explorer) => {
  const { address } = latentExplorer.model;
  const { make, button } = latentExplorer.ui;
  const views = []; // from the first to the newest
  let at = -1; // the one that is seen

  const go = (by) => {
    if (!views[at + by]) return;
    at += by;
    explorer.showAddress(views[at]);
    render();
  };
  const undo = button("↶", () => go(-1), { "aria-label": "Undo", title: "Undo", "aria-keyshortcuts": "Control+Z" });
  const redo = button("↷", () => go(1), {
    "aria-label": "Redo",
    title: "Redo",
    "aria-keyshortcuts": "Control+Shift+Z",
  });
  const render = () => {
    undo.disabled = at < 1;
    redo.disabled = at + 1 >= views.length;
  };
  explorer.stage.addEventListener("keydown", (event) => {
    const isOurs = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!isOurs || event.target.matches("input[type=text], textarea")) return;
    event.preventDefault();
    go(event.shiftKey ? 1 : -1);
  });
  render();
  return {
    element: make("div", { class: "explorer-choice", role: "group", "aria-label": "History" }, undo, redo),
    /* A view at rest; what was taken back before it is given up. */
    keep() {
      const view = address.write(explorer.id, explorer.state);
      if (views[at] === view) return;
      views.splice(at + 1, views.length, view);
      at = views.length - 1;
      render();
    },
  };
};
