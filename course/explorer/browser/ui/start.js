/* latentExplorer.ui: starts the explorers of the page when all of it is there; the scripts of models may stand behind.
 */
"use strict";

latentExplorer.ui.start = () => {
  const roots = [...document.querySelectorAll("[data-explorer]")];
  const explorers = roots.map((root) => new latentExplorer.ui.Explorer(root, JSON.parse(root.dataset.explorer)));
  const renderAgain = () => {
    for (const explorer of explorers) {
      explorer.themes++;
      explorer.requestRender();
    }
  };
  latentExplorer.here = explorers;
  new MutationObserver(renderAgain).observe(document.body, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renderAgain);
};

if (document.readyState === "complete") latentExplorer.ui.start();
else addEventListener("DOMContentLoaded", () => latentExplorer.ui.start());
