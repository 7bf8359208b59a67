/* latentExplorer.canvas: the colours of the theme, as the images of the page bring them from course/palette.py. */
"use strict";

latentExplorer.canvas.isDark = () => {
  const chosen = document.body.dataset.theme;
  return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
};

/* ink, faint, paper, accent, and in `classes` one colour for each class. */
latentExplorer.canvas.look = (data) => data.looks[latentExplorer.canvas.isDark() ? "dark" : "light"];
