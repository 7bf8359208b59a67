/* latentExplorer.ui: from A to B, the straight line, the arc, and as a baseline the blend of the two pictures, all
   three side by side. */
"use strict";

latentExplorer.ui.parts.ways = (explorer) => {
  const { canvas, math, ui } = latentExplorer;
  const { decode, nearestImage, NO_IMAGE } = latentExplorer.model;
  const { make, button, row } = ui;
  const FRAMES = 9;
  const SECONDS = 4; // from A to B
  const TITLES = { lerp: "straight line", slerp: "arc", blend: "pixels blended" };
  const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
  const changed = ui.changes();
  let timer = null;

  const slider = make("input", {
    type: "range",
    min: 0,
    max: 1,
    step: "any",
    value: 0,
    "aria-label": "Place on the way from A to B",
    oninput: () => walk(Number(slider.value)),
    onkeydown: (event) => step(event),
  });
  const here = (end) =>
    button(`${end.toUpperCase()} is here`, () => explorer.set({ [end]: [...explorer.state.z], t: null }));
  const swap = button("Swap", () => explorer.set({ a: explorer.state.b, b: explorer.state.a, t: null }));
  const play = button("Play", () => (timer ? stop() : start()));
  const strips = make("div", { class: "explorer-strips", role: "radiogroup", "aria-label": "Way from A to B" });
  const note = ui.note();
  const buttons = row(here("a"), here("b"), swap, play);
  const element = ui.section("ways", "From A to B", buttons, row("A", slider, "B"), strips, note);

  /* The point on a way; while pictures are blended, z walks along the line. */
  const pointAt = (way, t) => math[way === "slerp" ? "slerp" : "lerp"](explorer.state.a, explorer.state.b, t);
  const walk = (t) => explorer.set({ t, z: pointAt(explorer.state.way, t), image: NO_IMAGE, samples: 0 });
  const step = (event) => {
    const by = STEPS[event.key];
    if (!by) return;
    event.preventDefault();
    walk(math.clamp((explorer.state.t ?? 0) + by / 40, 0, 1));
  };
  const stop = () => {
    cancelAnimationFrame(timer);
    timer = null;
    play.textContent = "Play";
  };
  const start = () => {
    play.textContent = "Pause";
    const from = explorer.state.t !== null && explorer.state.t < 1 ? explorer.state.t : 0;
    let began = null;
    const frame = (now) => {
      began ??= now;
      const t = Math.min(1, from + (now - began) / (1000 * SECONDS));
      walk(t);
      if (t === 1) stop();
      else timer = requestAnimationFrame(frame);
    };
    timer = requestAnimationFrame(frame);
  };

  const choose = (way) => {
    const { t } = explorer.state;
    explorer.set({ way, ...(t === null ? {} : { z: pointAt(way, t) }) });
  };
  const walkToFrame = (way, share) => {
    explorer.state.way = way;
    walk(math.clamp((share * FRAMES - 0.5) / (FRAMES - 1), 0, 1));
  };
  const buildStrip = ([way, title]) => {
    const name = `${explorer.id}-way`;
    const pick = make("input", { type: "radio", name, value: way, onchange: () => choose(way) });
    const frames = make("canvas", {
      role: "img",
      onclick: (event) => walkToFrame(way, event.offsetX / frames.clientWidth),
    });
    const distances = make("span", { class: "explorer-far", "aria-hidden": "true" });
    const label = make("label", {}, pick, title);
    const strip = make(
      "div",
      { class: "explorer-strip" },
      label,
      make("div", { class: "explorer-frames" }, frames, distances),
    );
    return { way, title, pick, frames, distances, strip };
  };
  const all = Object.entries(TITLES).map(buildStrip);
  strips.append(...all.map(({ strip }) => strip));

  const decodeWay = (way) => {
    const { model, state } = explorer;
    const at = (z) => decode(model, z, state.label);
    const ends = [at(state.a), at(state.b)];
    const shares = Array.from({ length: FRAMES }, (_, k) => k / (FRAMES - 1));
    return shares.map((t) => (way === "blend" ? math.lerp(...ends, t) : at(pointAt(way, t))));
  };
  /* Gives the mean distance to the set between the ends; null where the set is not complete. */
  const renderStrip = ({ way, title, frames, distances }) => {
    const { data } = explorer;
    const { side } = data;
    const width = FRAMES * (side + 1) - 1;
    if (frames.width !== width) Object.assign(frames, { width, height: side });
    const context = frames.getContext("2d");
    const image = context.createImageData(width, side);
    const decodes = decodeWay(way);
    decodes.forEach((pixels, k) => canvas.paint(image, pixels, side, k * (side + 1)));
    context.putImageData(image, 0, 0);
    if (!data.on) {
      distances.replaceChildren();
      frames.setAttribute("aria-label", `${FRAMES} frames from A to B, ${title}.`);
      return null;
    }
    const far = decodes.map((pixels) => nearestImage(data, pixels).distance);
    distances.replaceChildren(...far.map((value) => make("span", {}, math.number(value, value < 9.95 ? 1 : 0))));
    const mean = far.slice(1, -1).reduce((sum, value) => sum + value, 0) / (FRAMES - 2);
    const words = `between the ends ${math.number(mean, 1)} pixels from the nearest image of the set`;
    frames.setAttribute("aria-label", `${FRAMES} frames from A to B, ${title}: ${words}.`);
    return mean;
  };
  const compare = (means) => {
    if (means[0] === null) return "";
    const each = all.map(({ title }, k) => `${math.number(means[k], 1)} (${title})`).join(", ");
    return `Under each frame: pixels to the nearest image of the set. Between the ends on average ${each}.`;
  };

  return {
    element,
    render() {
      const { state } = explorer;
      slider.value = state.t ?? 0;
      slider.setAttribute("aria-valuetext", `${Math.round(100 * (state.t ?? 0))} % of the way`);
      for (const { way, pick, strip } of all) {
        pick.checked = state.way === way;
        strip.classList.toggle("explorer-chosen", state.way === way);
      }
      if (timer && state.t === null) stop();
      if (!changed(state.model, state.stage, state.label, explorer.themes, ...state.a, ...state.b)) return;
      note.textContent = compare(all.map(renderStrip));
    },
  };
};
