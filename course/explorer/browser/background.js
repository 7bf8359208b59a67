/* The ground behind the points: the plane through the point, decoded, as a grid of images or as a map of classes. It is
   made a few cells a frame, coarse first, so that the hand is never kept waiting. */
"use strict";

latentExplorer.background = (explorer) => {
  const { decode, nearest, paint, look } = latentExplorer;
  const BUDGET = 4; // milliseconds a frame
  const canvas = latentExplorer.make("canvas", { class: "explorer-ground", "aria-hidden": "true" });
  let [key, work] = ["", null];

  const cellAt = (cells, row, column) => {
    const { plane, state } = explorer;
    const at = (k, middle) => middle + plane.half * ((2 * k + 1) / cells - 1);
    return plane.moved(state.z, at(column, plane.middle[0]), at(cells - 1 - row, plane.middle[1]));
  };

  function* grid(image, side, cells) {
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        paint(image, decode(explorer.model, cellAt(cells, row, column), explorer.state.label), side, column * (side + 2) + 1, row * (side + 2) + 1);
        yield;
      }
    }
  }

  const colour = (image, cells, row, column, size, [red, green, blue], strength) => {
    for (let r = row; r < Math.min(cells, row + size); r++) {
      for (let c = column, at = 4 * (r * cells + column); c < Math.min(cells, column + size); c++, at += 4) {
        [image.data[at], image.data[at + 1], image.data[at + 2], image.data[at + 3]] = [red, green, blue, strength];
      }
    }
  };

  /* Every fourth cell first, as a block, then every second, then all. */
  function* classes(image, cells) {
    const colours = look().classes.map((hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)));
    for (const size of [4, 2, 1]) {
      let [valid, all] = [0, 0];
      for (let row = 0; row < cells; row += size) {
        for (let column = 0; column < cells; column += size) {
          const found = nearest(explorer.data, decode(explorer.model, cellAt(cells, row, column), explorer.state.label));
          colour(image, cells, row, column, size, colours[explorer.data.labels[found.index]], found.valid ? 190 : 45);
          valid += found.valid;
          if (++all % 8 === 0) yield;
        }
      }
      explorer.valid = valid / all;
    }
  }

  function* shipped(image, cells) {
    const { classMap } = explorer.model;
    const bytes = latentExplorer.bytes(classMap.classes);
    const colours = look().classes.map((hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)));
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        const [x, y] = cellAt(cells, row, column); // z0 and z1 of a latent space of two, whichever axes are drawn
        const place = (value) => Math.floor((value / classMap.half + 1) / 2 * classMap.side);
        const [c, r] = [place(x), classMap.side - 1 - place(y)];
        const inside = c >= 0 && r >= 0 && c < classMap.side && r < classMap.side;
        if (inside) colour(image, cells, row, column, 1, colours[bytes[r * classMap.side + c]], 110);
      }
    }
    yield;
  }

  /* What the ground depends on: not where in the plane the point is, but which plane it is. */
  const wanted = () => {
    const { state, plane } = explorer;
    const through = plane.moved(state.z, 0, 0).map((value) => value.toFixed(3));
    return [state.model, state.stage, state.axes, state.back, state.label, explorer.theme, ...through].join();
  };

  const begin = () => {
    const { state, data, model } = explorer;
    const cells = state.back === "grid" ? (data.side > 16 ? 9 : 13) : 72;
    const size = state.back === "grid" ? cells * (data.side + 2) : cells; // images stand two pixels apart
    canvas.width = canvas.height = size; // which also empties it
    const context = canvas.getContext("2d");
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    const steps = state.back === "grid" ? grid(image, data.side, cells) : data.on ? classes(image, cells) : model.classMap ? shipped(image, cells) : null;
    work = steps && { steps, image, context };
  };

  return {
    element: canvas, // below the map, so that a point that moves does not draw its ground again
    draw() {
      canvas.hidden = explorer.state.back === "none";
      if (canvas.hidden) return;
      canvas.style.opacity = explorer.state.back === "grid" ? 0.5 : 0.8;
      const now = wanted();
      const anew = now !== key; // as often as a hand moves the plane, and beginning costs something
      if (anew) begin();
      key = now;
      explorer.ground = work ? "unfinished" : "done";
      if (!work) return;
      const until = performance.now() + (anew ? BUDGET / 2 : BUDGET);
      let done = false;
      while (!done && performance.now() < until) ({ done } = work.steps.next());
      work.context.putImageData(work.image, 0, 0);
      if (done) work = null;
      explorer.redraw(); // once more when it is done, for what is said about it
    },
  };
};
