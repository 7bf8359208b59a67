/* latentExplorer.canvas: the background of the map, which is the plane through the point, decoded: as a grid of images
   or as a map of classes. Each is a generator that stops after a few cells, coarse ones first, so that the hand is
   never kept waiting. */
"use strict";
{
  const { math, canvas } = latentExplorer;
  const { decode, nearestImage } = latentExplorer.model;
  const EXACT = 190; // how opaque the colour is where the decode is an image of the set
  const NEAREST = 45; // and where it is only nearest to that class
  const JUDGED = 110; // and where a classifier has said so

  /* The point of the plane through z that a cell shows; `cells` of them are in a row. */
  const cellAt = ({ plane, state }, cells, row, column) => {
    const at = (k, middle) => middle + plane.half * ((2 * k + 1) / cells - 1);
    return plane.moved(state.z, at(column, plane.middle[0]), at(cells - 1 - row, plane.middle[1]));
  };

  const decodeCell = (explorer, cells, row, column) =>
    decode(explorer.model, cellAt(explorer, cells, row, column), explorer.state.label);

  const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));

  /* Fills a block of `size` by `size` cells, one pixel each. */
  const fill = (image, cells, { row, column, size }, [red, green, blue], opacity) => {
    for (let r = row; r < Math.min(cells, row + size); r++) {
      for (let c = column, at = 4 * (r * cells + column); c < Math.min(cells, column + size); c++, at += 4) {
        image.data[at] = red;
        image.data[at + 1] = green;
        image.data[at + 2] = blue;
        image.data[at + 3] = opacity;
      }
    }
  };

  canvas.gridSize = (data, cells) => cells * (data.side + 2); // images stand two pixels apart

  canvas.paintGrid = function* (explorer, image, cells) {
    const { side } = explorer.data;
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        const pixels = decodeCell(explorer, cells, row, column);
        canvas.paint(image, pixels, side, column * (side + 2) + 1, row * (side + 2) + 1);
        yield;
      }
    }
  };

  /* The class of the nearest image of the set: every fourth cell first, as a block, then every second, then all. */
  canvas.paintClasses = function* (explorer, image, cells) {
    const colours = explorer.look.classes.map(rgb);
    for (const size of [4, 2, 1]) {
      let valid = 0;
      let all = 0;
      for (let row = 0; row < cells; row += size) {
        for (let column = 0; column < cells; column += size) {
          const found = nearestImage(explorer.data, decodeCell(explorer, cells, row, column));
          const colour = colours[explorer.data.labels[found.index]];
          fill(image, cells, { row, column, size }, colour, found.valid ? EXACT : NEAREST);
          valid += found.valid;
          if (++all % 8 === 0) yield;
        }
      }
      explorer.validShare = valid / all;
    }
  };

  /* The class that a classifier saw there, as it comes with the model. */
  canvas.paintJudgedClasses = function* (explorer, image, cells) {
    const { classMap } = explorer.model;
    const colours = explorer.look.classes.map(rgb);
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        const [x, y] = cellAt(explorer, cells, row, column); // z0 and z1, whichever axes the map has
        const seen = classMap.at(x, y);
        if (seen !== undefined) fill(image, cells, { row, column, size: 1 }, colours[seen], JUDGED);
      }
    }
    yield;
  };
}
