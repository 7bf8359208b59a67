/* latentExplorer.ui: a board to draw on, pixel by pixel, with a mouse, a finger, or keys that move a cursor. Black and
   white pixels change sides where a stroke begins and follow it; greys are drawn with a soft brush. */
"use strict";
{
  const { canvas, math, ui } = latentExplorer;
  const { make } = ui;
  const { SKETCH } = latentExplorer.model;
  const BRUSH = 3; // pixels that a soft brush reaches
  const DIRECTIONS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  /* One touch of the brush: changes x around a pixel. */
  const dab = (x, side, [row, column], { isGrey, rubs }) => {
    const reach = isGrey ? BRUSH : 0;
    for (let r = Math.max(0, row - reach); r <= Math.min(side - 1, row + reach); r++) {
      for (let c = Math.max(0, column - reach); c <= Math.min(side - 1, column + reach); c++) {
        const soft = Math.exp(-((r - row) ** 2 + (c - column) ** 2) / 2);
        const k = r * side + c;
        x[k] = Math.round(255 * (rubs ? x[k] * (1 - soft) : Math.max(x[k], soft))) / 255;
      }
    }
  };

  /* Dabs on all cells on the way, because a quick hand skips some. */
  const drawLine = (x, side, from, to, brush) => {
    const steps = Math.max(1, ...to.map((value, k) => 2 * Math.abs(value - from[k])));
    for (let s = 0; s <= steps; s++) {
      const at = to.map((value, k) => Math.round(from[k] + ((value - from[k]) * s) / steps));
      dab(x, side, at, brush);
    }
  };

  const renderLines = (context, size, side, { colour, width, opacity }) => {
    Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: opacity });
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

  ui.Board = class {
    constructor(explorer, help) {
      this.explorer = explorer;
      this.canvas = make("canvas", {
        class: "explorer-board",
        tabindex: 0,
        role: "application",
        "aria-describedby": help,
      });
      this.place = ui.note({ role: "status" });
      this.surface = new canvas.Surface(this.canvas);
      this.picture = make("canvas"); // the sketch, a pixel a pixel
      this.cursor = [7, 7]; // row and column
      this.last = null; // where the stroke is; null where nothing is drawn
      this.rubs = false; // greys: whether the reader has asked for rubbing out
      this.rubbing = false; // whether this stroke takes ink away
      this.changed = ui.changes();
      this.shown = null; // the sketch that is rendered
      this.listen();
    }

    get isGrey() {
      return this.explorer.data.bits !== 1;
    }

    inkAt([row, column]) {
      return this.explorer.sketch[row * this.explorer.data.side + column];
    }

    put(sketch) {
      this.explorer.set({ sketch, image: SKETCH, samples: 0, t: null });
    }

    strokeTo(to) {
      const x = Float32Array.from(this.explorer.sketch);
      drawLine(x, this.explorer.data.side, this.last, to, { isGrey: this.isGrey, rubs: this.rubbing });
      this.last = to;
      this.put(x);
    }

    cellUnder(event) {
      const rect = this.canvas.getBoundingClientRect();
      const { side } = this.explorer.data;
      const cell = (share) => math.clamp(Math.floor(share * side), 0, side - 1);
      return [cell((event.clientY - rect.top) / rect.height), cell((event.clientX - rect.left) / rect.width)];
    }

    listen() {
      const on = (kind, listener) => this.canvas.addEventListener(kind, listener);
      on("pointerdown", (event) => this.press(event));
      on("pointermove", (event) => {
        if (!this.last || !event.isPrimary) return;
        this.cursor = this.cellUnder(event);
        this.strokeTo(this.cursor);
      });
      for (const kind of ["pointerup", "pointercancel"]) on(kind, () => (this.last = null));
      on("keydown", (event) => this.pressKey(event));
      for (const kind of ["focus", "blur"]) on(kind, () => this.explorer.requestRender());
    }

    press(event) {
      if (event.button || this.last) return; // a second finger draws nothing
      event.preventDefault();
      this.canvas.focus({ preventScroll: true });
      this.canvas.setPointerCapture(event.pointerId);
      this.cursor = this.last = this.cellUnder(event);
      this.rubbing = this.isGrey ? this.rubs : this.inkAt(this.last) > 0.5;
      this.strokeTo(this.last);
    }

    pressKey(event) {
      const direction = DIRECTIONS[event.key];
      if (!direction && event.key !== " ") return;
      event.preventDefault();
      if (direction) this.moveCursor(direction);
      else this.changePixel();
      this.say();
      this.explorer.requestRender();
    }

    moveCursor(direction) {
      const end = this.explorer.data.side - 1;
      this.cursor = this.cursor.map((value, k) => math.clamp(value + direction[k], 0, end));
    }

    changePixel() {
      this.last = this.cursor;
      this.rubbing = this.inkAt(this.cursor) > 0.5;
      this.strokeTo(this.cursor);
      this.last = null;
    }

    /* What is under the cursor. */
    say() {
      const ink = this.inkAt(this.cursor);
      const pixel = ink ? "ink" : "paper";
      const what = this.isGrey ? `${math.number(100 * ink, 0)} % ink` : pixel;
      this.place.textContent = `Row ${this.cursor[0] + 1}, column ${this.cursor[1] + 1}: ${what}`;
    }

    render() {
      this.surface.fit();
      const { explorer, surface } = this;
      const { side } = explorer.data;
      const x = explorer.sketch;
      const showsCursor = this.canvas.matches(":focus-visible") && !this.last;
      this.cursor = this.cursor.map((value) => Math.min(side - 1, value));
      const changed = this.changed(explorer.themes, this.canvas.width, showsCursor, ...this.cursor);
      if (!changed && this.shown === x) return;
      this.shown = x;
      this.canvas.setAttribute("aria-label", `Drawing board, ${side} by ${side} pixels`);
      const { context, dots } = surface;
      const size = this.canvas.width;
      canvas.renderImage(this.picture, x, side);
      context.imageSmoothingEnabled = false;
      if (size) context.drawImage(this.picture, 0, 0, size, size);
      const opacity = this.isGrey ? 0.25 : 0.45;
      renderLines(context, size, side, { colour: explorer.look.faint, width: dots / 2, opacity });
      if (showsCursor) this.renderCursor(size / side);
    }

    renderCursor(size) {
      const { context, dots } = this.surface;
      Object.assign(context, { strokeStyle: this.explorer.look.accent, lineWidth: 3 * dots });
      context.strokeRect(this.cursor[1] * size, this.cursor[0] * size, size, size);
    }
  };
}
