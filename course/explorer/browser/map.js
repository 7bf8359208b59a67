/* The map: codes of all images by class, the cloud of one, the prior, a way, and points that can be dragged. */
"use strict";

latentExplorer.parts.map = (explorer) => {
  const { make, fit, sign, number } = latentExplorer;
  const canvas = make("canvas", { class: "explorer-map", role: "img" });
  const back = latentExplorer.background(explorer);
  const box = make("div", { class: "explorer-plane" }, back.element, canvas);
  const legend = make("div", { class: "explorer-legend", role: "group", "aria-label": "Classes shown" });
  const controls = latentExplorer.mapControls(explorer);
  const element = make("div", { class: "explorer-left" }, box, legend, controls.element);
  let [hover, places, glide, seen, listed] = [-1, [], null, null, null];

  const scale = () => canvas.width / 2 / explorer.plane.half;
  const toScreen = ([x, y]) => {
    const [mx, my] = explorer.plane.middle;
    return [canvas.width / 2 + (x - mx) * scale(), canvas.height / 2 - (y - my) * scale()];
  };
  const toPlane = (event) => {
    const rect = canvas.getBoundingClientRect();
    const unit = (2 * explorer.plane.half) / rect.width;
    const [mx, my] = explorer.plane.middle;
    return [mx + (event.clientX - rect.left - rect.width / 2) * unit, my - (event.clientY - rect.top - rect.height / 2) * unit];
  };
  const visible = (i) => !explorer.hidden.has(explorer.data.labels[i]);
  const under = (event, reach) => {
    const rect = canvas.getBoundingClientRect();
    const dpr = canvas.width / rect.width;
    let [best, least] = [-1, (reach * dpr) ** 2];
    places.forEach(([x, y], i) => {
      const far = (x - (event.clientX - rect.left) * dpr) ** 2 + (y - (event.clientY - rect.top) * dpr) ** 2;
      if (far < least && visible(i)) [best, least] = [i, far];
    });
    return best;
  };

  const handles = latentExplorer.handles(explorer, box, { toScreen, toPlane, canvas });
  const goto = (event) => {
    const image = under(event, event.pointerType === "touch" ? 22 : 9);
    if (image >= 0) return explorer.select(image);
    explorer.move(explorer.plane.moved(explorer.state.z, ...toPlane(event)));
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" && event.button === 0) {
      goto(event);
      handles.hold(event);
    }
  });
  canvas.addEventListener("click", (event) => { // a tap; a finger that moves scrolls the page, unless it holds the point
    if (event.pointerType === "touch") goto(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    const image = event.buttons ? -1 : under(event, 12);
    if (image !== hover) explorer.redraw();
    hover = image;
  });
  canvas.addEventListener("pointerleave", () => {
    hover = -1;
    explorer.redraw();
  });

  /* Points glide to where another model puts them, for those who like motion. */
  const settle = () => {
    const goal = explorer.plane.points.map(toScreen);
    const key = [explorer.state.model, explorer.state.stage, explorer.state.axes].join();
    const moved = seen !== null && seen !== key && places.length === goal.length;
    seen = key;
    if (moved && !matchMedia("(prefers-reduced-motion: reduce)").matches) glide = { from: places, since: performance.now() };
    const share = glide ? Math.min(1, (performance.now() - glide.since) / 450) : 1;
    const eased = 1 - (1 - share) ** 3;
    places = share < 1 ? goal.map(([x, y], i) => [
      glide.from[i][0] + eased * (x - glide.from[i][0]), glide.from[i][1] + eased * (y - glide.from[i][1])]) : goal;
    if (share < 1) explorer.redraw();
    else glide = null;
  };

  const classes = () => {
    const now = [explorer.model.data, explorer.theme, ...explorer.hidden].join();
    if (listed === now) return;
    listed = now;
    build();
    drawLegend();
  };
  const build = () => {
    if (legend.dataset.of === explorer.model.data) return;
    legend.dataset.of = explorer.model.data;
    legend.replaceChildren(...explorer.data.classes.map((name, c) => {
      const sign = make("canvas", { width: 28, height: 28, "aria-hidden": "true" });
      const button = make("button", { type: "button", "aria-pressed": "true", onclick: () => {
        explorer.hidden[explorer.hidden.has(c) ? "delete" : "add"](c);
        explorer.redraw();
      } }, sign, name);
      return button;
    }));
  };

  const drawLegend = () => [...legend.children].forEach((button, c) => {
    button.setAttribute("aria-pressed", String(!explorer.hidden.has(c)));
    const picture = sign(explorer.data, c, 10, 3.5, false);
    const context = button.firstChild.getContext("2d");
    context.clearRect(0, 0, 28, 28);
    context.drawImage(picture, 14 - picture.width / 2, 14 - picture.height / 2);
  });

  return {
    element,
    draw() {
      fit(canvas);
      classes();
      controls.draw();
      settle();
      const context = canvas.getContext("2d");
      const dpr = canvas.dots;
      context.clearRect(0, 0, canvas.width, canvas.height);
      back.draw();
      latentExplorer.drawMap(explorer, context, { dpr, scale: scale(), toScreen, places, hover, visible });
      handles.draw(dpr);
      const [x, y] = explorer.plane.project(explorer.state.z).map((value) => number(value));
      canvas.setAttribute("aria-label", `Map of ${explorer.data.count} encoded images along ${explorer.plane.names.join(" and ")}; the point is at ${x}, ${y}.`);
    },
  };
};

/* What is drawn over the ground, from back to front. */
latentExplorer.drawMap = (explorer, context, { dpr, scale, toScreen, places, hover, visible }) => {
  const { look, sign, lerp, slerp } = latentExplorer;
  const { state, model, data, plane } = explorer;
  const { ink, faint, paper } = look();
  context.font = `${13 * dpr}px system-ui, sans-serif`;
  const word = (text, align, x, y) => { // with a rim, so that it is read on any ground
    [context.fillStyle, context.strokeStyle, context.lineWidth, context.textAlign] = [ink, paper, 4 * dpr, align];
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  };
  word(`${plane.names[0]} →`, "right", context.canvas.width - 8 * dpr, context.canvas.height - 9 * dpr);
  word(`↑ ${plane.names[1]}`, "left", 8 * dpr, 19 * dpr);
  context.lineWidth = dpr;
  if (model.sigma) { // the prior, at one and two sigma
    context.strokeStyle = faint;
    context.setLineDash([2 * dpr, 5 * dpr]);
    for (const sigma of [1, 2]) {
      context.beginPath();
      context.arc(...toScreen(plane.zero), sigma * scale, 0, 2 * Math.PI);
      context.stroke();
    }
    context.setLineDash([]);
  }
  const cloud = state.image >= 0 ? state.image : hover;
  if (model.sigma && cloud >= 0) {
    const ellipse = latentExplorer.ellipse(plane, model.sigma[cloud]);
    const colour = latentExplorer.colourOf(look(), data.labels[cloud]);
    latentExplorer.drawEllipses(context, places[cloud], ellipse, scale, colour, 1.5 * dpr);
  }
  context.imageSmoothingEnabled = true;
  data.labels.forEach((label, i) => {
    if (!visible(i)) return;
    const strong = i === hover || i === state.image;
    context.globalAlpha = explorer.chosen && !explorer.chosen.has(i) ? 0.15 : 1;
    const [reach, width] = strong ? [9, 3.2] : data.count > 128 ? [4.5, 1.6] : [6.5, 2.2];
    const picture = sign(data, label, reach * dpr, width * dpr, state.back !== "none");
    context.drawImage(picture, places[i][0] - picture.width / 2, places[i][1] - picture.height / 2);
  });
  context.globalAlpha = 1;
  if (explorer.options.show.includes("ways")) {
    const ends = [...state.a, ...state.b, state.axes, state.model, state.stage].join();
    if (explorer.waysKey !== ends) {
      const through = (go) => Array.from({ length: 33 }, (_, k) => plane.project(go(state.a, state.b, k / 32)));
      [explorer.waysKey, explorer.ways] = [ends, { lerp: through(lerp), slerp: through(slerp) }];
    }
    for (const [way, dash] of [["lerp", []], ["slerp", [6, 5]]]) {
      [context.strokeStyle, context.lineWidth] = [ink, (state.way === way ? 2 : 1) * dpr];
      context.globalAlpha = state.way === way ? 0.9 : 0.35;
      context.setLineDash(dash.map((length) => length * dpr));
      context.beginPath();
      for (const point of explorer.ways[way]) context.lineTo(...toScreen(point));
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  latentExplorer.drawOwn(explorer, context, { dpr, scale, toScreen, word });
  const cloudy = state.draws && latentExplorer.cloud(explorer, state.image);
  if (cloudy) latentExplorer.drawCloud(explorer, context, toScreen(plane.project(cloudy.mu)), dpr);
  if (hover >= 0) latentExplorer.tooltip(explorer, context, places[hover], data.images[hover], dpr);
};

/* The image under the pointer, beside its sign. */
latentExplorer.tooltip = (explorer, context, [x, y], pixels, dpr) => {
  const { look, showImage } = latentExplorer;
  const { side } = explorer.data;
  const picture = (latentExplorer.thumb ??= document.createElement("canvas"));
  showImage(picture, pixels, side);
  const size = 56 * dpr;
  const left = x + size + 20 * dpr > context.canvas.width ? x - size - 14 * dpr : x + 14 * dpr;
  const top = Math.max(4 * dpr, Math.min(context.canvas.height - size - 4 * dpr, y - size / 2));
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, left, top, size, size);
  [context.strokeStyle, context.lineWidth] = [look().faint, dpr];
  context.strokeRect(left, top, size, size);
};
