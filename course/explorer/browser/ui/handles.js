/* latentExplorer.ui: the points on the map that can be taken, z and the ends A and B of a way. Each is a slider in two
   dimensions, of a finger's size, so that mouse, touch and arrow keys all do the same. */
"use strict";

latentExplorer.ui.handles = (explorer, box, { toScreen, toPlane, surface }) => {
  const { math, ui } = latentExplorer;
  const { make } = ui;
  const POINTS = {
    a: { title: "A, where the way begins", put: (z) => explorer.set({ a: z, t: null }) },
    b: { title: "B, where the way ends", put: (z) => explorer.set({ b: z, t: null }) },
    z: { title: "Point z", put: (z) => explorer.move(z) },
  };
  const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  let held = null; // name of a point

  const putAt = (name, x, y) => POINTS[name].put(explorer.plane.moved(explorer.state[name], x, y));
  const nudge = (event, name) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    const step = (explorer.plane.half / 40) * (event.shiftKey ? 5 : 1);
    const [x, y] = explorer.plane.project(explorer.state[name]);
    putAt(name, x + direction[0] * step, y + direction[1] * step);
  };
  const drag = (event) => {
    if (held) putAt(held, ...toPlane(event));
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

  const build = (name) => {
    const letter = name === "z" ? "" : name.toUpperCase();
    const element = make(
      "div",
      {
        class: `explorer-handle explorer-handle-${name}`,
        role: "slider",
        tabindex: 0,
        "aria-label": POINTS[name].title,
        "aria-roledescription": "point on the map",
        "aria-orientation": "horizontal",
        "data-point": name,
        onkeydown: (event) => nudge(event, name),
        onpointerdown: (event) => {
          if (event.button) return;
          event.preventDefault();
          element.focus({ preventScroll: true });
          if (event.pointerType === "touch") element.setPointerCapture(event.pointerId);
          take(name);
        },
      },
      make("span", { "aria-hidden": "true" }, letter),
    );
    box.append(element);
    return { name, element, changed: ui.changes() };
  };
  const all = (explorer.shows("ways") ? ["a", "b", "z"] : ["z"]).map(build);

  const renderHandle = ({ name, element, changed }, dots) => {
    const { plane, state } = explorer;
    const { wide, high } = surface;
    const [x, y] = plane.project(state[name]);
    const [left, top] = toScreen([x, y]).map((value) => value / dots);
    if (!changed(left, top, x, y, wide)) return;
    const inside = (value, size) => math.clamp(value, -12, size + 12);
    element.style.transform = `translate(${inside(left, wide)}px, ${inside(top, high)}px)`;
    element.setAttribute("aria-valuemin", -plane.half.toFixed(2));
    element.setAttribute("aria-valuemax", plane.half.toFixed(2));
    element.setAttribute("aria-valuenow", x.toFixed(2));
    const [across, up] = plane.names;
    element.setAttribute("aria-valuetext", `${across} ${math.number(x)}, ${up} ${math.number(y)}`);
  };

  return {
    /* The point z follows a mouse that went down anywhere on the map. */
    hold(event) {
      event.preventDefault();
      all.at(-1).element.focus({ preventScroll: true });
      take("z");
    },
    render(dots) {
      for (const handle of all) renderHandle(handle, dots);
    },
  };
};
