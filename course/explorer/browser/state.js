/* The state of an explorer as a part of the page's address, so that a view can be linked to and comes back. */
"use strict";

latentExplorer.address = {
  /* "#explorer?m=lines64-beta1&z=0.1,-2" */
  write(id, state) {
    const vector = (z) => Array.from(z, (value) => +value.toFixed(3)).join(",");
    const entries = {
      m: state.model, z: vector(state.z), i: state.image === latentExplorer.OWN ? "own" : state.image < 0 ? null : state.image, l: state.label || null,
      x: state.axes === "pca" ? "pca" : state.axes.join(","), bg: state.back, s: state.seed || null, e: state.draws || null,
      a: vector(state.a), b: vector(state.b), w: state.way, t: state.t === null ? null : +state.t.toFixed(3),
      step: state.stage === null ? null : state.stage, d: latentExplorer.toHex(state.x),
    };
    const parts = Object.entries(entries).filter(([, value]) => value !== null);
    return `#${id}?${parts.map(([name, value]) => `${name}=${value}`).join("&")}`;
  },

  /* What the address says for this explorer; entries that make no sense are left out. Null if it speaks of another. */
  read(id, hash) {
    if (!hash.startsWith(`#${id}?`)) return null;
    const query = hash.slice(id.length + 2);
    const given = Object.fromEntries(query.split("&").map((part) => part.split("=")));
    const whole = (text) => (/^\d+$/.test(text) ? Number(text) : undefined);
    const vector = (text) => {
      const values = text?.split(",").map(Number);
      return values?.every((value) => Number.isFinite(value) && Math.abs(value) < 1e4) ? values : undefined;
    };
    const t = Number(given.t);
    const state = {
      model: given.m, z: vector(given.z), image: given.i === "own" ? latentExplorer.OWN : whole(given.i), label: whole(given.l), seed: whole(given.s),
      draws: whole(given.e), axes: given.x === "pca" ? "pca" : vector(given.x), a: vector(given.a), b: vector(given.b),
      back: ["none", "class", "grid"].find((back) => back === given.bg),
      way: ["lerp", "slerp", "blend"].find((way) => way === given.w),
      t: given.t !== undefined && t >= 0 && t <= 1 ? t : undefined, stage: whole(given.step),
      x: /^[0-9a-f]+$/.test(given.d) ? given.d : undefined,
    };
    return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
  },
};
