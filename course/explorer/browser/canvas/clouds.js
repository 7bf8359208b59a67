/* latentExplorer.canvas: one image's cloud on the map, and under a magnifier, because on the map it is often smaller
   than the point: two ellipses, the samples so far, and the last one. Also the mark of the reader's own image. */
"use strict";
{
  const { math, canvas } = latentExplorer;
  const { sampleCloud, SKETCH } = latentExplorer.model;

  /* One and two sigma of a Gaussian; a unit of the ellipse is `scale` pixels long. */
  canvas.renderEllipses = (context, [x, y], { long, short, turn }, { scale, colour, width }) => {
    Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: width });
    for (const sigma of [2, 1]) {
      const radii = [long, short].map((half) => Math.max(1, sigma * half * scale));
      context.beginPath();
      context.ellipse(x, y, ...radii, -turn, 0, 2 * Math.PI);
      context.globalAlpha = 0.14;
      context.fill();
      context.globalAlpha = 1;
      context.stroke();
    }
  };

  /* A diamond, filled, unlike the sign of any class. */
  canvas.renderSketchSign = (context, look, [x, y], dots) => {
    context.beginPath();
    for (const [dx, dy] of [
      [0, -8],
      [8, 0],
      [0, 8],
      [-8, 0],
    ])
      context.lineTo(x + dx * dots, y + dy * dots);
    context.closePath();
    Object.assign(context, { fillStyle: look.accent, strokeStyle: look.paper, lineWidth: 4 * dots });
    context.stroke();
    context.fill();
  };

  /* The reader's own image on the map, also when the point has gone elsewhere; at the edge if it is off the map. */
  canvas.renderSketchOnMap = (explorer, context, { dots, scale, toScreen, renderWord }) => {
    const cloud = explorer.cloud(SKETCH);
    if (!cloud) return;
    const { plane, look } = explorer;
    const edge = 12 * dots;
    const inside = (at) => math.clamp(at, edge, context.canvas.width - edge);
    const [x, y] = toScreen(plane.project(cloud.mu)).map(inside);
    if (cloud.sigma) {
      const ellipse = math.ellipse(plane, cloud.sigma);
      canvas.renderEllipses(context, [x, y], ellipse, { scale, colour: look.accent, width: 1.5 * dots });
    }
    canvas.renderSketchSign(context, look, [x, y], dots);
    const left = x > context.canvas.width - 60 * dots;
    renderWord("yours", left ? "right" : "left", x + (left ? -15 : 15) * dots, y + 4.5 * dots);
  };

  /* In the upper right corner of the map, or where the cloud itself is there in the lower left. */
  const cornerOf = ({ width, height }, [x, y], size, gap) =>
    x > width / 2 && y < height / 2 ? [gap, height - size - gap] : [width - size - gap, gap];

  const renderBox = (context, { paper, faint }, [left, top], size, dots) => {
    context.beginPath();
    context.roundRect(left, top, size, size, 6 * dots);
    Object.assign(context, { fillStyle: paper, strokeStyle: faint, lineWidth: dots });
    context.fill();
    context.stroke();
    context.clip();
  };

  const renderSamples = (context, explorer, cloud, [x, y], { scale, dots }) => {
    const { plane, look } = explorer;
    const { samples } = explorer.state;
    context.fillStyle = look.accent;
    for (let n = Math.max(1, samples - 100); n <= samples; n++) {
      const last = n === samples;
      const away = sampleCloud(cloud, n).map((value, d) => value - cloud.mu[d]);
      const [right, up] = [math.dot(away, plane.u) * scale, math.dot(away, plane.v) * scale];
      context.globalAlpha = last ? 1 : 0.5;
      context.beginPath();
      context.arc(x + right, y - up, (last ? 5 : 2.2) * dots, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  };

  /* `at` is where the cloud of the point is on the map. */
  canvas.renderMagnifier = (explorer, context, at, dots) => {
    const { state, data, plane, look } = explorer;
    const cloud = explorer.cloud(state.image);
    const ellipse = math.ellipse(plane, cloud.sigma);
    const size = 0.36 * context.canvas.width;
    const [left, top] = cornerOf(context.canvas, at, size, 10 * dots);
    const middle = [left + size / 2, top + size / 2];
    const scale = size / 2 / (3.2 * ellipse.long); // pixels for one unit of z
    const isSketch = state.image < 0;
    const colour = isSketch ? look.accent : look.classes[data.labels[state.image]];
    context.save();
    renderBox(context, look, [left, top], size, dots);
    canvas.renderEllipses(context, middle, ellipse, { scale, colour, width: dots });
    renderSamples(context, explorer, cloud, middle, { scale, dots });
    if (isSketch) canvas.renderSketchSign(context, look, middle, dots);
    else canvas.renderSign(context, canvas.sign(data, data.labels[state.image], 6.5 * dots, 2.2 * dots), middle);
    Object.assign(context, { fillStyle: look.ink, font: `${12 * dots}px system-ui, sans-serif`, textAlign: "left" });
    const times = (scale * plane.half * 2) / context.canvas.width;
    const words = `its cloud, × ${times < 10 ? times.toFixed(1) : Math.round(times)}`;
    context.fillText(words, left + 7 * dots, top + size - 8 * dots);
    context.restore();
  };
}
