/* latentExplorer.ui: a walk of the point around the map, through the middles of all classes, in a closed curve. It
   shows what can be done before anybody has touched anything, and is no news for the address or the live region. */
"use strict";

latentExplorer.ui.walk = (explorer, onChange) => {
  const LAP = 4500; // milliseconds from one class to the next
  const FRAME = 30; // milliseconds between two steps
  const { lerp } = latentExplorer.math;
  const { NO_IMAGE } = latentExplorer.model;
  let request = null;
  let share = 0; // of the way around, in classes
  let last = null;

  /* The middle of each class, in the order of their angles around the middle of all. */
  const stopsOf = latentExplorer.ui.remember(() => {
    const { data, plane } = explorer;
    const average = (points) => [0, 1].map((k) => points.reduce((sum, at) => sum + at[k], 0) / points.length);
    const [cx, cy] = average(plane.points);
    const middles = data.classes
      .map((_name, label) => plane.points.filter((_point, i) => data.labels[i] === label))
      .filter((points) => points.length)
      .map(average);
    const angle = ([x, y]) => Math.atan2(y - cy, x - cx);
    return middles.sort((a, b) => angle(a) - angle(b));
  });
  /* A curve without corners through all stops (Catmull and Rom's). */
  const at = (points, where) => {
    const i = Math.floor(where);
    const t = where - i;
    const [a, b, c, d] = [-1, 0, 1, 2].map((k) => points[(i + k + points.length) % points.length]);
    const along = (k) =>
      b[k] +
      (t / 2) * (c[k] - a[k] + t * (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k] + t * (3 * (b[k] - c[k]) + d[k] - a[k])));
    return [along(0), along(1)];
  };

  const step = (now) => {
    request = requestAnimationFrame(step);
    const isPainting = explorer.backgroundStatus === "unfinished"; // what it walks over comes first
    if (isPainting || (last !== null && now - last < FRAME)) return;
    share += last === null ? 0 : Math.min(now - last, 100) / LAP; // a tab that was away goes on where it was
    last = now;
    const points = stopsOf(explorer.state.model, explorer.state.axes);
    const goal = explorer.plane.moved(explorer.state.z, ...at(points, share % points.length));
    const isFirst = share === 0;
    Object.assign(explorer.state, { z: isFirst ? goal : lerp(explorer.state.z, goal, 0.2), image: NO_IMAGE, t: null });
    explorer.requestRender();
  };

  return {
    get isOn() {
      return request !== null;
    },
    start() {
      request ??= requestAnimationFrame(step);
      onChange();
    },
    stop() {
      cancelAnimationFrame(request);
      request = last = null;
      onChange();
    },
  };
};
