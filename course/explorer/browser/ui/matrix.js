/* latentExplorer.ui: the scatter matrix of the dimensions that carry most. A rectangle drawn in one panel marks the
   same images in all. */
"use strict";

latentExplorer.ui.parts.matrix = (explorer) => {
  const { canvas, math, ui } = latentExplorer;
  const { make } = ui;
  const DIMENSIONS = 4; // at most
  const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const HELP =
    "Draw a rectangle, and the same images stay marked everywhere; click a panel to see that pair on the map. With " +
    "keys: arrows move the rectangle, Shift resizes it, Enter goes to the next panel, Escape clears.";
  const help = `${explorer.id}-brush-help`;
  const matrix = make("canvas", {
    class: "explorer-matrix",
    tabindex: 0,
    role: "application",
    "aria-label": "Scatter matrix",
    "aria-describedby": help,
  });
  const surface = new canvas.Surface(matrix);
  const signs = make("canvas"); // rendered anew only when one of them changes
  const clear = ui.button("Clear the selection", () => release());
  const note = ui.note({ id: help });
  const element = ui.section("pairs", "Every pair of dimensions", matrix, ui.row(clear), note);
  const changed = ui.changes();
  const panel = { row: 1, column: 0 };
  let rectangle = null; // left, top, right, bottom, in shares of the panel
  let start = null; // where the pointer went down

  const dimensions = () => explorer.model.order.slice(0, DIMENSIONS);
  const count = () => dimensions().length;
  const cell = () => matrix.width / count();
  const reach = () => {
    const largest = (code) => Math.max(...dimensions().map((d) => Math.abs(code[d])));
    return 1.08 * Math.max(...explorer.model.mu.map(largest));
  };
  const share = (value, far) => 0.5 + value / far / 2; // of a panel
  const inPanel = (value) => math.clamp(value, 0, 1);

  const release = () => {
    rectangle = null;
    explorer.chosen = null;
    explorer.requestRender();
  };
  const brush = () => {
    const ascending = (a, b) => a - b;
    const [x0, x1] = [rectangle[0], rectangle[2]].sort(ascending);
    const [y0, y1] = [rectangle[1], rectangle[3]].sort(ascending);
    const across = dimensions()[panel.column];
    const up = dimensions()[panel.row];
    const far = reach();
    const isInside = (code) => {
      const x = share(code[across], far);
      const y = 1 - share(code[up], far);
      return x >= x0 && x <= x1 && y >= y0 && y <= y1;
    };
    const { mu } = explorer.model;
    explorer.chosen = new Set([...mu.keys()].filter((i) => isInside(mu[i])));
    explorer.requestRender();
  };
  /* Where a pointer is, in panels. */
  const under = (event) => {
    const rect = matrix.getBoundingClientRect();
    const x = ((event.clientX - rect.left) / rect.width) * count();
    const y = ((event.clientY - rect.top) / rect.height) * count();
    return { row: Math.floor(y), column: Math.floor(x), x, y };
  };
  matrix.addEventListener("pointerdown", (event) => {
    const at = under(event);
    if (event.button || at.row === at.column) return;
    matrix.setPointerCapture(event.pointerId);
    start = at;
    Object.assign(panel, { row: at.row, column: at.column });
  });
  matrix.addEventListener("pointermove", (event) => {
    if (!start) return;
    const { row, column } = start;
    const { x, y } = under(event);
    rectangle = [start.x - column, start.y - row, inPanel(x - column), inPanel(y - row)];
    brush();
  });
  matrix.addEventListener("pointercancel", () => (start = null));
  matrix.addEventListener("pointerup", (event) => {
    const at = under(event);
    const isClick = start && Math.hypot(at.x - start.x, at.y - start.y) < 0.04;
    if (isClick || (start && explorer.chosen?.size === 0)) release();
    if (isClick) explorer.set({ axes: [dimensions()[start.column], dimensions()[start.row]] });
    start = null;
  });

  const goToNextPanel = () => {
    const n = count();
    let k = panel.row * n + panel.column;
    do k = (k + 1) % (n * n);
    while (Math.floor(k / n) === k % n);
    Object.assign(panel, { row: Math.floor(k / n), column: k % n });
  };
  /* Shift moves the right and lower edge only. */
  const moveRectangle = (direction, resizes) => {
    const by = (k) => (resizes && k < 2 ? 0 : direction[k % 2] / 20);
    rectangle = rectangle.map((value, k) => inPanel(value + by(k)));
  };
  matrix.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (event.key === "Escape") release();
    if (event.key !== "Enter" && !direction) return;
    event.preventDefault();
    if (!direction) goToNextPanel();
    rectangle ??= [0.3, 0.3, 0.7, 0.7];
    if (direction) moveRectangle(direction, event.shiftKey);
    brush();
  });

  const renderTitle = (context, title, x, y) => {
    const font = `600 ${14 * surface.dots}px system-ui, sans-serif`;
    Object.assign(context, { font, textAlign: "center", textBaseline: "middle" });
    context.fillText(title, x, y);
  };
  const renderPanel = (context, row, column, far) => {
    const { model, data, hidden, chosen, look } = explorer;
    const { dots } = surface;
    const across = dimensions()[column];
    const up = dimensions()[row];
    const size = cell();
    const left = column * size;
    const top = row * size;
    Object.assign(context, { strokeStyle: look.faint, lineWidth: dots / 2, fillStyle: look.ink });
    context.strokeRect(left, top, size, size);
    if (row === column) {
      renderTitle(context, `z${across}`, left + size / 2, top + size / 2);
      return;
    }
    model.mu.forEach((code, i) => {
      if (hidden.has(data.labels[i])) return;
      const at = [left + size * share(code[across], far), top + size * (1 - share(code[up], far))];
      context.globalAlpha = chosen && !chosen.has(i) ? 0.15 : 1;
      canvas.renderSign(context, canvas.sign(data, data.labels[i], 3.2 * dots, 1.3 * dots), at);
    });
    context.globalAlpha = 1;
  };
  const panels = () => Array.from({ length: count() ** 2 }, (_, k) => [Math.floor(k / count()), k % count()]);
  const renderSigns = (far) => {
    Object.assign(signs, { width: matrix.width, height: matrix.height });
    for (const [row, column] of panels()) renderPanel(signs.getContext("2d"), row, column, far);
  };
  /* Where z is, in every panel. */
  const renderPoint = (context, far) => {
    const at = dimensions().map((d) => inPanel(share(explorer.state.z[d], far)));
    context.fillStyle = explorer.look.accent;
    for (const [row, column] of panels()) {
      if (row === column) continue;
      context.beginPath();
      context.arc(cell() * (column + at[column]), cell() * (row + 1 - at[row]), 3 * surface.dots, 0, 2 * Math.PI);
      context.fill();
    }
  };
  const renderRectangle = (context) => {
    const [x0, y0, x1, y1] = rectangle.map((value) => value * cell());
    Object.assign(context, { strokeStyle: explorer.look.accent, lineWidth: 1.5 * surface.dots });
    context.strokeRect(panel.column * cell() + x0, panel.row * cell() + y0, x1 - x0, y1 - y0);
  };

  return {
    element,
    render() {
      surface.fit();
      const { context } = surface;
      const { state, themes, hidden, chosen, data } = explorer;
      element.hidden = count() < 3;
      const far = reach();
      const marked = chosen ? [...chosen] : "all";
      if (changed(state.model, state.stage, themes, matrix.width, [...hidden], marked)) renderSigns(far);
      context.clearRect(0, 0, matrix.width, matrix.height);
      if (matrix.width) context.drawImage(signs, 0, 0);
      renderPoint(context, far);
      if (rectangle) renderRectangle(context);
      clear.disabled = !chosen;
      note.textContent = HELP + (chosen ? ` ${chosen.size} of ${data.count} images are selected.` : "");
    },
  };
};
