/* latentExplorer.canvas: a training as it goes: the clouds on two dimensions, and what a step costs. */
"use strict";
{
  const { math, canvas } = latentExplorer;
  const LOWEST = 0.5; // nats, where the scale of the curves begins

  /* Each image's sign at its mu, its cloud at one sigma around it, and the prior at one and two. */
  canvas.renderClouds = (surface, learner, data, { axes, half }) => {
    const { context, dots } = surface;
    const { width } = surface.canvas;
    const look = canvas.look(data);
    const { mu, logVar } = learner.values;
    const scale = width / 2 / half;
    const at = (row, axis) => row * learner.latent + axis;
    const place = (row) => axes.map((axis, k) => width / 2 + (k ? -1 : 1) * scale * mu[at(row, axis)]);
    context.clearRect(0, 0, width, width);
    Object.assign(context, { strokeStyle: look.faint, lineWidth: dots });
    context.setLineDash([2 * dots, 5 * dots]);
    for (const sigma of [1, 2]) ring(context, [width / 2, width / 2], [sigma * scale, sigma * scale]);
    context.setLineDash([]);
    context.globalAlpha = 0.45;
    data.labels.forEach((label, row) => {
      context.strokeStyle = look.classes[label];
      ring(
        context,
        place(row),
        axes.map((axis) => Math.min(4 * width, scale * Math.exp(logVar[at(row, axis)] / 2))),
      );
    });
    context.globalAlpha = 1;
    data.labels.forEach((label, row) => {
      canvas.renderSign(context, canvas.sign(data, label, 6.5 * dots, 2.2 * dots), place(row));
    });
    context.font = `${13 * dots}px system-ui, sans-serif`;
    context.fillStyle = look.ink;
    write(context, `z${axes[0]} →`, "right", [width - 8 * dots, width - 9 * dots]);
    write(context, `↑ z${axes[1]}`, "left", [8 * dots, 19 * dots]);
  };

  const ring = (context, [x, y], [across, up]) => {
    context.beginPath();
    context.ellipse(x, y, across, up, 0, 0, 2 * Math.PI);
    context.stroke();
  };

  const write = (context, words, align, [x, y]) => {
    context.textAlign = align;
    context.fillText(words, x, y);
  };

  /* `history` has an array of nats for each curve. `levels` are lines with a name: the floor, and the null. */
  canvas.renderCurves = (surface, history, data, levels) => {
    const { context, dots } = surface;
    const { width, height } = surface.canvas;
    const look = canvas.look(data);
    const [left, right, top, bottom] = [34, 8, 10, 26].map((side) => side * dots);
    const most = Math.max(500, history.total.length);
    const highest = Math.log(300 / LOWEST);
    const x = (step) => left + ((width - left - right) * step) / most;
    const y = (nats) => {
      const share = math.clamp(Math.log(Math.max(nats, 1e-9) / LOWEST) / highest, 0, 1);
      return height - bottom - (height - bottom - top) * share;
    };
    context.clearRect(0, 0, width, height);
    context.font = `${12 * dots}px system-ui, sans-serif`;
    Object.assign(context, { fillStyle: look.ink, strokeStyle: look.faint, lineWidth: dots });
    for (const nats of [1, 10, 100]) write(context, `${nats}`, "right", [left - 6 * dots, y(nats) + 4 * dots]);
    write(context, "0", "left", [left, height - 8 * dots]);
    write(context, `step ${most}`, "right", [width - right, height - 8 * dots]);
    context.strokeRect(left, top, width - left - right, height - top - bottom);
    context.setLineDash([4 * dots, 4 * dots]);
    for (const [, nats] of levels) line(context, [left, y(nats)], [width - right, y(nats)]);
    context.setLineDash([]);
    const styles = [
      ["kl", look.accent, 1.5, [3, 3]],
      ["reconstruction", look.accent, 1.5, []],
      ["total", look.ink, 2, []],
    ];
    for (const [name, strokeStyle, wide, dash] of styles) {
      Object.assign(context, { strokeStyle, lineWidth: wide * dots });
      context.setLineDash(dash.map((length) => length * dots));
      context.beginPath();
      means(history[name], Math.ceil(most / (width / 2))).forEach(([step, nats]) => context.lineTo(x(step), y(nats)));
      context.stroke();
    }
    context.setLineDash([]);
    Object.assign(context, { fillStyle: look.ink, strokeStyle: look.paper, lineWidth: 4 * dots });
    for (const [words, nats] of levels) {
      const place = [width - right - 6 * dots, y(nats) - 5 * dots];
      context.textAlign = "right";
      context.strokeText(words, ...place);
      context.fillText(words, ...place);
    }
  };

  const line = (context, from, to) => {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  };

  /* [step, mean] of each `size` steps, so that a long run has no more points than the picture has room for. */
  const means = (values, size) => {
    const found = [];
    for (let first = 0; first < values.length; first += size) {
      const part = values.slice(first, first + size);
      found.push([first + part.length / 2, part.reduce((sum, value) => sum + value, 0) / part.length]);
    }
    return found;
  };
}
