/* latentExplorer.canvas: images, as ink on paper or as light on dark, and canvases as sharp as the screen. */
"use strict";

/* Writes pixels (side * side, in [0, 1]) into an ImageData at a place given in pixels. */
latentExplorer.canvas.paint = (target, pixels, side, left = 0, top = 0) => {
  const dark = latentExplorer.canvas.isDark();
  for (let row = 0, k = 0; row < side; row++) {
    for (let at = 4 * ((top + row) * target.width + left), column = 0; column < side; column++, k++, at += 4) {
      const grey = Math.round(255 * (dark ? pixels[k] : 1 - pixels[k]));
      target.data[at] = target.data[at + 1] = target.data[at + 2] = grey;
      target.data[at + 3] = 255;
    }
  }
};

latentExplorer.canvas.renderImage = (canvas, pixels, side) => {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  latentExplorer.canvas.paint(image, pixels, side);
  context.putImageData(image, 0, 0);
};

/* A canvas as sharp as the screen. Its size is asked for only after something has changed size, because an answer costs
   the browser a layout of the page. */
latentExplorer.canvas.Surface = class Surface {
  static layouts = 1; // how often something has changed size

  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.fitted = 0; // to which layout
    this.wide = 0; // in pixels of the page
    this.high = 0;
    this.dots = 1; // of the screen, for one pixel of the page
  }

  fit() {
    if (this.fitted === Surface.layouts) return;
    this.fitted = Surface.layouts;
    const { canvas } = this;
    const scale = Math.min(2, devicePixelRatio || 1);
    this.wide = canvas.clientWidth;
    this.high = canvas.clientHeight;
    const width = Math.round(this.wide * scale);
    const height = Math.round(this.high * scale);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.dots = canvas.width / Math.max(1, this.wide);
  }
};
