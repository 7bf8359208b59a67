/* latentExplorer.canvas: the map, over its background, from back to front. `view` says where things are on it: `dots`
   of the screen a pixel, `scale` pixels a unit of z, `toScreen` from the plane, `places` of the images' signs, which
   of them is under the pointer (`hover`), and which are `visible`. */
"use strict";
{
  const { math, canvas } = latentExplorer;

  /* With a rim, so that it is read on any background. */
  const wordRenderer =
    (context, { ink, paper }, dots) =>
    (text, align, x, y) => {
      Object.assign(context, { fillStyle: ink, strokeStyle: paper, lineWidth: 4 * dots, textAlign: align });
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    };

  const renderAxes = (context, [across, up], renderWord, dots) => {
    const { width, height } = context.canvas;
    context.font = `${13 * dots}px system-ui, sans-serif`;
    renderWord(`${across} →`, "right", width - 8 * dots, height - 9 * dots);
    renderWord(`↑ ${up}`, "left", 8 * dots, 19 * dots);
  };

  /* At one and two sigma. */
  const renderPrior = (context, { plane, look }, { dots, scale, toScreen }) => {
    Object.assign(context, { strokeStyle: look.faint, lineWidth: dots });
    context.setLineDash([2 * dots, 5 * dots]);
    for (const sigma of [1, 2]) {
      context.beginPath();
      context.arc(...toScreen(plane.zero), sigma * scale, 0, 2 * Math.PI);
      context.stroke();
    }
    context.setLineDash([]);
  };

  const renderCloud = (context, { state, model, data, plane, look }, { dots, scale, places, hover }) => {
    const image = state.image >= 0 ? state.image : hover;
    if (!model.sigma || image < 0) return;
    const style = { scale, colour: look.classes[data.labels[image]], width: 1.5 * dots };
    canvas.renderEllipses(context, places[image], math.ellipse(plane, model.sigma[image]), style);
  };

  const renderSigns = (context, { state, data, chosen }, { dots, places, hover, visible }) => {
    context.imageSmoothingEnabled = true;
    const plain = data.count > 128 ? [4.5, 1.6] : [6.5, 2.2];
    data.labels.forEach((label, i) => {
      if (!visible(i)) return;
      const [radius, width] = i === hover || i === state.image ? [9, 3.2] : plain;
      const sign = canvas.sign(data, label, radius * dots, width * dots, state.background !== "none");
      context.globalAlpha = chosen && !chosen.has(i) ? 0.15 : 1;
      canvas.renderSign(context, sign, places[i]);
    });
    context.globalAlpha = 1;
  };

  const renderWays = (context, { state, ways, look }, { dots, toScreen }) => {
    for (const [way, dash] of [
      ["lerp", []],
      ["slerp", [6, 5]],
    ]) {
      const strong = state.way === way;
      Object.assign(context, { strokeStyle: look.ink, lineWidth: (strong ? 2 : 1) * dots });
      context.globalAlpha = strong ? 0.9 : 0.35;
      context.setLineDash(dash.map((length) => length * dots));
      context.beginPath();
      for (const point of ways[way]) context.lineTo(...toScreen(point));
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  };

  const thumbnail = { canvas: null };

  /* The image under the pointer, beside its sign. */
  const renderTooltip = (context, { data, look }, { dots, places, hover }) => {
    thumbnail.canvas ??= document.createElement("canvas");
    canvas.renderImage(thumbnail.canvas, data.images[hover], data.side);
    const [x, y] = places[hover];
    const { width, height } = context.canvas;
    const size = 56 * dots;
    const left = x + size + 20 * dots > width ? x - size - 14 * dots : x + 14 * dots;
    const top = math.clamp(y - size / 2, 4 * dots, height - size - 4 * dots);
    context.imageSmoothingEnabled = false;
    context.drawImage(thumbnail.canvas, left, top, size, size);
    Object.assign(context, { strokeStyle: look.faint, lineWidth: dots });
    context.strokeRect(left, top, size, size);
  };

  canvas.renderMap = (explorer, context, view) => {
    const { state, plane, model, look } = explorer;
    const { dots, toScreen } = view;
    const renderWord = wordRenderer(context, look, dots);
    renderAxes(context, plane.names, renderWord, dots);
    if (model.sigma) renderPrior(context, explorer, view);
    renderCloud(context, explorer, view);
    renderSigns(context, explorer, view);
    if (explorer.shows("ways")) renderWays(context, explorer, view);
    canvas.renderSketchOnMap(explorer, context, { ...view, renderWord });
    const sampled = state.samples && explorer.cloud(state.image);
    if (sampled) canvas.renderMagnifier(explorer, context, toScreen(plane.project(sampled.mu)), dots);
    if (view.hover >= 0) renderTooltip(context, explorer, view);
  };
}
