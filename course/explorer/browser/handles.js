/* The points on the map that can be taken: z, and the ends A and B of a way. Each is a slider in two dimensions, of a
   finger's size, so that mouse, touch and arrow keys all do the same. */
"use strict";

latentExplorer.handles = (explorer, box, { toScreen, toPlane, canvas }) => {
  const { make, number } = latentExplorer;
  const put = {
    z: (z) => explorer.move(z),
    a: (z) => explorer.set({ a: z, t: null }),
    b: (z) => explorer.set({ b: z, t: null }),
  };
  const names = explorer.options.show.includes("ways") ? ["a", "b", "z"] : ["z"];
  const title = { z: "Point z", a: "A, where the way begins", b: "B, where the way ends" };
  let held = null;

  const nudge = (event, name) => {
    const step = (explorer.plane.half / 40) * (event.shiftKey ? 5 : 1);
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const [x, y] = explorer.plane.project(explorer.state[name]);
    put[name](explorer.plane.moved(explorer.state[name], x + by[0] * step, y + by[1] * step));
  };
  const drag = (event) => {
    if (held) put[held](explorer.plane.moved(explorer.state[held], ...toPlane(event)));
  };
  const drop = () => {
    held = null;
    removeEventListener("pointermove", drag);
  };
  const take = (name) => {
    held = name;
    addEventListener("pointermove", drag);
  };
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", drop);

  const all = names.map((name) => {
    const element = make("div", {
      class: `explorer-handle explorer-handle-${name}`, role: "slider", tabindex: 0, "aria-label": title[name],
      "aria-roledescription": "point on the map", "aria-orientation": "horizontal", "data-point": name,
      onkeydown: (event) => nudge(event, name),
      onpointerdown: (event) => {
        if (event.button) return;
        event.preventDefault();
        element.focus({ preventScroll: true });
        if (event.pointerType === "touch") element.setPointerCapture(event.pointerId);
        take(name);
      },
    }, make("span", { "aria-hidden": "true" }, name === "z" ? "" : name.toUpperCase()));
    box.append(element);
    return { name, element, seen: "" };
  });

  return {
    /* The point z follows a mouse that went down anywhere on the map. */
    hold(event) {
      event.preventDefault();
      all.at(-1).element.focus({ preventScroll: true });
      take("z");
    },
    draw(dpr) {
      const { plane, state } = explorer;
      for (const handle of all) {
        const { name, element } = handle;
        const [x, y] = plane.project(state[name]);
        const [left, top] = toScreen([x, y]).map((value) => value / dpr);
        const now = [left, top, x, y, canvas.wide].join();
        if (now === handle.seen) continue;
        handle.seen = now;
        const inside = (value, size) => Math.max(-12, Math.min(size + 12, value));
        element.style.transform = `translate(${inside(left, canvas.wide)}px, ${inside(top, canvas.high)}px)`;
        element.setAttribute("aria-valuemin", -plane.half.toFixed(2));
        element.setAttribute("aria-valuemax", plane.half.toFixed(2));
        element.setAttribute("aria-valuenow", x.toFixed(2));
        element.setAttribute("aria-valuetext", `${plane.names[0]} ${number(x)}, ${plane.names[1]} ${number(y)}`);
      }
    },
  };
};

/* Which two dimensions, and what is drawn behind the points. */
latentExplorer.mapControls = (explorer) => {
  const { make, field, number } = latentExplorer;
  const choose = (k) => make("select", { onchange: (event) => axis(k, event.currentTarget.value) });
  const [across, up] = [choose(0), choose(1)];
  const ground = make("select", { onchange: () => explorer.set({ back: ground.value }) });
  const note = make("p", { class: "explorer-note" });
  const element = make("div", {}, make("div", { class: "explorer-row" },
    field("Across", across), field("Up", up), field("Behind", ground)), note);
  let made = null;

  const axis = (k, value) => {
    if (value === "pca") return explorer.set({ axes: "pca" });
    const axes = explorer.state.axes === "pca" ? explorer.model.order.slice(0, 2) : [...explorer.state.axes];
    const chosen = Number(value);
    if (axes[1 - k] === chosen) axes[1 - k] = axes[k] === chosen ? explorer.model.order.find((d) => d !== chosen) : axes[k];
    axes[k] = chosen;
    explorer.set({ axes });
  };
  const build = (model) => {
    const dimensions = model.order.map((d) => make("option", { value: d },
      model.sigma && model.kl[d] <= latentExplorer.COLLAPSED ? `z${d}, collapsed` : `z${d}`));
    for (const [k, select] of [across, up].entries()) {
      select.replaceChildren(...dimensions.map((option) => option.cloneNode(true)), make("option", { value: "pca" }, `PCA ${k + 1}`));
    }
    const grounds = { none: "nothing", grid: "decoded grid" };
    if (explorer.data.on || model.classMap) grounds.class = "class map";
    ground.replaceChildren(...Object.entries(grounds).map(([value, text]) => make("option", { value }, text)));
  };

  return {
    element,
    draw() {
      const { model, state } = explorer;
      if (made !== model) build(model);
      made = model;
      [across, up].forEach((select, k) => (select.value = state.axes === "pca" ? "pca" : state.axes[k]));
      if (state.back === "class" && !(explorer.data.on || model.classMap)) state.back = "none";
      ground.value = state.back;
      const rest = model.latent - 2;
      note.textContent = state.axes === "pca"
        ? `Two directions that hold ${Math.round(100 * model.pca.share)} % of the variance of the codes; the point moves in their plane.`
        : rest > 0 ? `Two dimensions of ${model.latent}: points that touch here may be far apart in the other ${rest}.` : "The whole latent space: it has two dimensions.";
      if (state.back !== "none" && rest > 0) note.textContent += " Behind them is the plane through the point.";
      if (state.back === "class" && explorer.data.on) note.textContent += ` Strong colour: exactly an image of the set, ${number(100 * (explorer.valid ?? 0), 0)} % of what is seen; pale: only nearest to that class.`;
      if (state.back === "class" && model.classMap) note.textContent += " The class is a classifier’s opinion, also where there is nothing to classify.";
    },
  };
};
