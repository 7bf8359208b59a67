/* The scatter matrix of the dimensions that carry most. A rectangle drawn in one panel marks the same images in all. */
"use strict";

latentExplorer.parts.matrix = (explorer) => {
  const { make, fit, look, sign } = latentExplorer;
  const help = `${explorer.id}-brush-help`;
  const canvas = make("canvas", { class: "explorer-matrix", tabindex: 0, role: "application", "aria-label": "Scatter matrix", "aria-describedby": help });
  const clear = make("button", { type: "button", onclick: () => release() }, "Clear the selection");
  const note = make("p", { class: "explorer-note", id: help });
  const element = latentExplorer.section("pairs", "Every pair of dimensions", note, canvas, make("div", { class: "explorer-row" }, clear));
  const still = make("canvas"); // all signs, drawn anew only when one of them changes
  let key = "";
  let [panel, rectangle, start] = [[1, 0], null, null]; // a panel is a row and a column; a rectangle is in shares of it

  const dimensions = () => explorer.model.order.slice(0, Math.min(4, explorer.model.latent));
  const cell = () => canvas.width / dimensions().length;
  const reach = () => Math.max(...explorer.model.mu.map((code) => Math.max(...dimensions().map((d) => Math.abs(code[d]))))) * 1.08;
  const place = (value, far) => 0.5 + value / far / 2;

  const release = () => {
    rectangle = null;
    explorer.chosen = null;
    explorer.redraw();
  };
  const brush = () => {
    const [row, column] = panel.map((k) => dimensions()[k]);
    const [x0, x1] = [rectangle[0], rectangle[2]].sort((a, b) => a - b);
    const [y0, y1] = [rectangle[1], rectangle[3]].sort((a, b) => a - b);
    const far = reach();
    const inside = explorer.model.mu.map((code) => [place(code[column], far), 1 - place(code[row], far)]);
    explorer.chosen = new Set(inside.flatMap(([x, y], i) => (x >= x0 && x <= x1 && y >= y0 && y <= y1 ? [i] : [])));
    explorer.redraw();
  };
  const under = (event) => {
    const rect = canvas.getBoundingClientRect();
    const n = dimensions().length;
    const [x, y] = [((event.clientX - rect.left) / rect.width) * n, ((event.clientY - rect.top) / rect.height) * n];
    return { row: Math.floor(y), column: Math.floor(x), x, y };
  };
  const pull = (event) => {
    if (!start) return;
    const { x, y } = under(event);
    const share = (value) => Math.max(0, Math.min(1, value));
    rectangle = [start.x - start.column, start.y - start.row, share(x - start.column), share(y - start.row)];
    brush();
  };
  canvas.addEventListener("pointerdown", (event) => {
    const at = under(event);
    if (event.button || at.row === at.column) return;
    canvas.setPointerCapture(event.pointerId);
    [start, panel] = [at, [at.row, at.column]];
  });
  canvas.addEventListener("pointermove", pull);
  canvas.addEventListener("pointercancel", () => (start = null));
  canvas.addEventListener("pointerup", (event) => {
    const at = under(event);
    if (start && Math.hypot(at.x - start.x, at.y - start.y) < 0.04) { // a click: look at this pair on the map
      release();
      explorer.set({ axes: [dimensions()[start.column], dimensions()[start.row]] });
    } else if (start && explorer.chosen && !explorer.chosen.size) release();
    start = null;
  });
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const n = dimensions().length;
    if (event.key === "Escape") return release();
    if (event.key === "Enter") {
      let k = panel[0] * n + panel[1];
      do k = (k + 1) % (n * n); while (Math.floor(k / n) === k % n);
      panel = [Math.floor(k / n), k % n];
    } else if (!by) return;
    event.preventDefault();
    rectangle ??= [0.3, 0.3, 0.7, 0.7];
    if (by) rectangle = rectangle.map((value, k) => Math.max(0, Math.min(1, value + (event.shiftKey && k < 2 ? 0 : by[k % 2] / 20))));
    brush();
  });

  const drawPanel = (context, row, column, dpr, far) => {
    const { model, data, hidden, chosen } = explorer;
    const [d, e, size] = [dimensions()[column], dimensions()[row], cell()];
    const [left, top] = [column * size, row * size];
    [context.strokeStyle, context.lineWidth, context.fillStyle] = [look().faint, dpr / 2, look().ink];
    context.strokeRect(left, top, size, size);
    if (row === column) {
      context.font = `600 ${14 * dpr}px system-ui, sans-serif`;
      [context.textAlign, context.textBaseline] = ["center", "middle"];
      return context.fillText(`z${d}`, left + size / 2, top + size / 2);
    }
    model.mu.forEach((code, i) => {
      if (hidden.has(data.labels[i])) return;
      context.globalAlpha = chosen && !chosen.has(i) ? 0.15 : 1;
      const picture = sign(data, data.labels[i], 3.2 * dpr, 1.3 * dpr, false);
      context.drawImage(picture, left + size * place(code[d], far) - picture.width / 2, top + size * (1 - place(code[e], far)) - picture.height / 2);
    });
    context.globalAlpha = 1;
  };
  /* Where z is, in every panel. */
  const drawPoint = (context, n, dpr, far) => {
    const at = dimensions().map((d) => Math.max(0, Math.min(1, place(explorer.state.z[d], far))));
    context.fillStyle = look().accent;
    for (let k = 0; k < n * n; k++) {
      const [row, column] = [Math.floor(k / n), k % n];
      if (row === column) continue;
      context.beginPath();
      context.arc(cell() * (column + at[column]), cell() * (row + 1 - at[row]), 3 * dpr, 0, 2 * Math.PI);
      context.fill();
    }
  };

  return {
    element,
    draw() {
      fit(canvas);
      const [context, dpr, n] = [canvas.getContext("2d"), canvas.dots, dimensions().length];
      element.hidden = n < 3;
      const { state, theme, hidden, chosen } = explorer;
      const now = [state.model, state.stage, theme, canvas.width, [...hidden], chosen ? [...chosen] : "all"].join("|");
      const far = reach();
      if (now !== key) {
        [still.width, still.height] = [canvas.width, canvas.height];
        for (let k = 0; k < n * n; k++) drawPanel(still.getContext("2d"), Math.floor(k / n), k % n, dpr, far);
      }
      key = now;
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (canvas.width) context.drawImage(still, 0, 0);
      drawPoint(context, n, dpr, far);
      if (rectangle) {
        const [row, column] = panel;
        [context.strokeStyle, context.lineWidth] = [look().accent, 1.5 * dpr];
        const [x0, y0, x1, y1] = rectangle.map((value) => value * cell());
        context.strokeRect(column * cell() + x0, row * cell() + y0, x1 - x0, y1 - y0);
      }
      clear.disabled = !explorer.chosen;
      const many = explorer.chosen ? ` ${explorer.chosen.size} of ${explorer.data.count} images are selected.` : "";
      note.textContent = `Draw a rectangle, and the same images stay marked everywhere; click a panel to see that pair on the map. With keys: arrows move the rectangle, Shift resizes it, Enter goes to the next panel, Escape clears.${many}`;
    },
  };
};
