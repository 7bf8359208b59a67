/* latentExplorer.model: the state as a part of the page's address, "#explorer?m=lines64-beta1&z=0.1,-2", so that a view
   can be linked to and comes back. One table says how each entry is written and read. */
"use strict";
{
  const { toHex, fromHex } = latentExplorer.math;
  const { SKETCH } = latentExplorer.model;

  /* Kinds of entries. What `write` makes null is left out of the address; what `read` cannot make sense of is
     undefined. */
  const word = { write: (value) => value, read: (text) => text };
  const choice = (...known) => ({ write: (value) => value, read: (text) => known.find((one) => one === text) });
  const readWhole = (text) => (/^\d+$/.test(text) ? Number(text) : undefined);
  const count = { write: (value) => value || null, read: readWhole }; // 0 goes without saying
  const index = { write: (value) => value, read: readWhole };
  const image = {
    write: (value) => (value === SKETCH ? "own" : index.write(value < 0 ? null : value)),
    read: (text) => (text === "own" ? SKETCH : readWhole(text)),
  };
  const vector = {
    write: (values) => Array.from(values, (value) => +value.toFixed(3)).join(","),
    read: (text) => {
      const values = text.split(",").map(Number);
      return values.every((value) => Number.isFinite(value) && Math.abs(value) < 1e4) ? values : undefined;
    },
  };
  const axes = {
    write: (value) => (value === "pca" ? value : value.join(",")),
    read: (text) => (text === "pca" ? text : vector.read(text)),
  };
  const share = {
    write: (value) => (value === null ? null : +value.toFixed(3)),
    read: (text) => (Number(text) >= 0 && Number(text) <= 1 ? Number(text) : undefined),
  };
  const bits = { write: toHex, read: (text) => (/^[0-9a-f]+$/.test(text) ? fromHex(text) : undefined) };

  const TABLE = [
    ["model", "m", word],
    ["z", "z", vector],
    ["image", "i", image],
    ["label", "l", count],
    ["axes", "x", axes],
    ["background", "bg", choice("none", "class", "grid", "both")],
    ["seed", "s", count],
    ["samples", "e", count],
    ["a", "a", vector],
    ["b", "b", vector],
    ["way", "w", choice("lerp", "slerp", "blend")],
    ["t", "t", share],
    ["stage", "step", index],
    ["sketch", "d", bits],
  ];

  latentExplorer.model.address = {
    write(id, state) {
      const parts = TABLE.map(([entry, key, kind]) => [key, kind.write(state[entry])]).filter(
        ([, text]) => text !== null,
      );
      return `#${id}?${parts.map(([key, text]) => `${key}=${text}`).join("&")}`;
    },

    /* What the address says for this explorer; entries that make no sense are left out. Null if it speaks of another.
     */
    read(id, hash) {
      if (!hash.startsWith(`#${id}?`)) return null;
      const query = hash.slice(id.length + 2);
      const given = new Map(query.split("&").map((part) => part.split("=")));
      const found = TABLE.filter(([, key]) => given.get(key) !== undefined).map(([entry, key, kind]) => [
        entry,
        kind.read(given.get(key)),
      ]);
      return Object.fromEntries(found.filter(([, value]) => value !== undefined));
    },
  };
}
