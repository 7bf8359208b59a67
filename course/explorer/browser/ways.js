/* From A to B: the straight line, the arc, and as a baseline the blend of the two pictures; all three side by side. */
"use strict";

latentExplorer.FRAMES = 9;

latentExplorer.parts.ways = (explorer) => {
  const { make, decode, nearest, lerp, slerp, number, paint } = latentExplorer;
  const titles = { lerp: "straight line", slerp: "arc", blend: "pixels blended" };
  const slider = make("input", { type: "range", min: 0, max: 1, step: "any", value: 0, "aria-label": "Place on the way from A to B",
    oninput: () => walk(Number(slider.value)), onkeydown: (event) => keys(event) });
  const play = make("button", { type: "button", onclick: () => (timer ? stop() : start()) }, "Play");
  const here = (end) => make("button", { type: "button", onclick: () => explorer.set({ [end]: [...explorer.state.z], t: null }) }, `${end.toUpperCase()} is here`);
  const turn = make("button", { type: "button", onclick: () => explorer.set({ a: explorer.state.b, b: explorer.state.a, t: null }) }, "Swap");
  const strips = make("div", { class: "explorer-strips", role: "radiogroup", "aria-label": "Way from A to B" });
  const note = make("p", { class: "explorer-note" });
  const element = latentExplorer.section("ways", "From A to B",
    make("div", { class: "explorer-row" }, here("a"), here("b"), turn, play), make("div", { class: "explorer-row" }, "A", slider, "B"), strips, note);
  let [timer, key] = [null, ""];

  const at = (way, t) => (way === "slerp" ? slerp : lerp)(explorer.state.a, explorer.state.b, t);
  const walk = (t) => explorer.set({ t, z: at(explorer.state.way, t), image: -1, draws: 0 });
  const keys = (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    walk(Math.max(0, Math.min(1, (explorer.state.t ?? 0) + by / 40)));
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
    const step = (now) => {
      began ??= now;
      const t = Math.min(1, from + (now - began) / 4000);
      walk(t);
      if (t === 1) return stop();
      timer = requestAnimationFrame(step);
    };
    timer = requestAnimationFrame(step);
  };

  const rows = Object.entries(titles).map(([way, title]) => {
    const pick = make("input", { type: "radio", name: `${explorer.id}-way`, value: way, onchange: () => {
      explorer.set({ way, ...(explorer.state.t === null ? {} : { z: at(way, explorer.state.t) }) });
    } });
    const canvas = make("canvas", { role: "img", onclick: (event) => {
      explorer.state.way = way;
      walk(Math.max(0, Math.min(1, (event.offsetX / canvas.clientWidth * latentExplorer.FRAMES - 0.5) / (latentExplorer.FRAMES - 1))));
    } });
    const far = make("span", { class: "explorer-far", "aria-hidden": "true" });
    const row = make("div", { class: "explorer-strip" }, make("label", {}, pick, title), make("div", { class: "explorer-frames" }, canvas, far));
    strips.append(row);
    return { way, pick, canvas, far, row };
  });

  const drawStrip = ({ way, canvas, far }) => {
    const { model, state, data } = explorer;
    const [n, side] = [latentExplorer.FRAMES, data.side];
    if (canvas.width !== n * (side + 1) - 1) [canvas.width, canvas.height] = [n * (side + 1) - 1, side];
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, side);
    const ends = [decode(model, state.a, state.label), decode(model, state.b, state.label)];
    const distances = Array.from({ length: n }, (_, k) => {
      const t = k / (n - 1);
      const pixels = way === "blend" ? lerp(...ends, t) : decode(model, at(way, t), state.label);
      paint(image, pixels, side, k * (side + 1));
      return nearest(data, pixels)?.distance;
    });
    context.putImageData(image, 0, 0);
    if (!data.on) {
      far.replaceChildren();
      canvas.setAttribute("aria-label", `${n} frames from A to B, ${titles[way]}.`);
      return null;
    }
    far.replaceChildren(...distances.map((distance) => make("span", {}, number(distance, distance < 9.95 ? 1 : 0))));
    const mean = distances.slice(1, -1).reduce((sum, value) => sum + value, 0) / (n - 2);
    canvas.setAttribute("aria-label", `${n} frames from A to B, ${titles[way]}: between the ends ${number(mean, 1)} pixels from the nearest image of the set.`);
    return mean;
  };

  return {
    element,
    draw() {
      const { state } = explorer;
      slider.value = state.t ?? 0;
      slider.setAttribute("aria-valuetext", `${Math.round(100 * (state.t ?? 0))} % of the way`);
      for (const { way, pick, row } of rows) {
        pick.checked = state.way === way;
        row.classList.toggle("explorer-chosen", state.way === way);
      }
      if (timer && state.t === null) stop();
      const now = [state.model, state.stage, state.label, explorer.theme, ...state.a, ...state.b].join();
      if (now === key) return;
      key = now;
      const means = rows.map(drawStrip);
      note.textContent = means[0] === null ? "" :
        `Under each frame: pixels to the nearest image of the set. Between the ends on average ${rows.map(({ way }, k) => `${number(means[k], 1)} (${titles[way]})`).join(", ")}.`;
    },
  };
};
