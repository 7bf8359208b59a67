/* A board to draw on, pixel by pixel: with a mouse, a finger, or keys that move a cursor. Black and white pixels change
   sides where a stroke begins and follow it; greys are drawn with a soft brush. */
"use strict";

latentExplorer.board = (explorer, help) => {
  const { make, fit, look, showImage, number, drawn } = latentExplorer;
  const canvas = make("canvas", { class: "explorer-board", tabindex: 0, role: "application", "aria-describedby": help });
  const place = make("p", { class: "explorer-note", role: "status" });
  const picture = make("canvas");
  let [cursor, last, rubbing, seen] = [[7, 7], null, false, ""];
  const grey = () => explorer.data.bits !== 1;
  const inkAt = ([row, column]) => drawn(explorer)[row * explorer.data.side + column];

  const put = (x) => explorer.set({ x, image: latentExplorer.OWN, draws: 0, t: null });
  const dab = (x, [row, column], rub) => {
    const { side } = explorer.data;
    const reach = grey() ? 3 : 0;
    for (let r = Math.max(0, row - reach); r <= Math.min(side - 1, row + reach); r++) {
      for (let c = Math.max(0, column - reach); c <= Math.min(side - 1, column + reach); c++) {
        const soft = Math.exp(-((r - row) ** 2 + (c - column) ** 2) / 2);
        const k = r * side + c;
        x[k] = Math.round(255 * (rub ? x[k] * (1 - soft) : Math.max(x[k], soft))) / 255;
      }
    }
  };
  /* All cells on the way, because a quick hand skips some. */
  const stroke = (to) => {
    const x = Float32Array.from(drawn(explorer));
    const steps = Math.max(1, ...to.map((value, k) => 2 * Math.abs(value - last[k])));
    for (let s = 0; s <= steps; s++) dab(x, to.map((value, k) => Math.round(last[k] + ((value - last[k]) * s) / steps)), rubbing);
    last = to;
    put(x);
  };
  const cellOf = (event) => {
    const rect = canvas.getBoundingClientRect();
    const { side } = explorer.data;
    const cell = (share) => Math.max(0, Math.min(side - 1, Math.floor(share * side)));
    return [cell((event.clientY - rect.top) / rect.height), cell((event.clientX - rect.left) / rect.width)];
  };
  const lift = () => (last = null);
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || last) return; // a second finger draws nothing
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    cursor = last = cellOf(event);
    rubbing = grey() ? board.rubs : inkAt(last) > 0.5;
    stroke(last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last && event.isPrimary) stroke((cursor = cellOf(event)));
  });
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);

  const say = () => {
    const ink = inkAt(cursor);
    const what = grey() ? `${number(100 * ink, 0)} % ink` : ink ? "ink" : "paper";
    place.textContent = `Row ${cursor[0] + 1}, column ${cursor[1] + 1}: ${what}`;
  };
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault();
    if (by) cursor = cursor.map((value, k) => Math.max(0, Math.min(explorer.data.side - 1, value + by[k])));
    else {
      [last, rubbing] = [cursor, inkAt(cursor) > 0.5];
      stroke(cursor);
      lift();
    }
    say();
    explorer.redraw();
  });
  for (const kind of ["focus", "blur"]) canvas.addEventListener(kind, () => explorer.redraw());

  const lines = (context, size, side) => {
    [context.strokeStyle, context.lineWidth] = [look().faint, canvas.dots / 2];
    context.globalAlpha = grey() ? 0.25 : 0.45;
    context.beginPath();
    for (let k = 1; k < side; k++) {
      context.moveTo((k * size) / side, 0);
      context.lineTo((k * size) / side, size);
      context.moveTo(0, (k * size) / side);
      context.lineTo(size, (k * size) / side);
    }
    context.stroke();
    context.globalAlpha = 1;
  };

  const board = {
    canvas, place, put, rubs: false,
    draw() {
      fit(canvas);
      const { side } = explorer.data;
      const x = drawn(explorer);
      const keyed = canvas.matches(":focus-visible") && !last;
      cursor = cursor.map((value) => Math.min(side - 1, value));
      const now = [explorer.theme, canvas.width, keyed, ...cursor].join();
      if (now === seen && canvas.shown === x) return;
      [seen, canvas.shown] = [now, x];
      canvas.setAttribute("aria-label", `Drawing board, ${side} by ${side} pixels`);
      const context = canvas.getContext("2d");
      const size = canvas.width;
      showImage(picture, x, side);
      context.imageSmoothingEnabled = false;
      if (size) context.drawImage(picture, 0, 0, size, size);
      lines(context, size, side);
      if (!keyed) return;
      [context.strokeStyle, context.lineWidth] = [look().accent, 3 * canvas.dots];
      context.strokeRect((cursor[1] * size) / side, (cursor[0] * size) / side, size / side, size / side);
    },
  };
  return board;
};
