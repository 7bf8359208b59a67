/* latentExplorer.ui: elements of the page, and what is done only when something has changed. */
"use strict";

/* An element, its attributes and what stands in it. */
latentExplorer.ui.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

latentExplorer.ui.button = (words, onclick, attributes = {}) =>
  latentExplorer.ui.make("button", { type: "button", ...attributes, onclick }, words);

latentExplorer.ui.row = (...children) => latentExplorer.ui.make("div", { class: "explorer-row" }, ...children);

latentExplorer.ui.note = (attributes = {}, ...children) =>
  latentExplorer.ui.make("p", { class: "explorer-note", ...attributes }, ...children);

/* A part with a title of its own; a heading would need to know on which level of the page it stands. */
latentExplorer.ui.section = (name, title, ...children) => {
  const { make } = latentExplorer.ui;
  return make(
    "div",
    { class: `explorer-section explorer-${name}`, role: "group", "aria-label": title },
    make("p", { class: "explorer-title", "aria-hidden": "true" }, title),
    ...children,
  );
};

/* A control with a word before it. */
latentExplorer.ui.field = (word, control) => {
  const { make } = latentExplorer.ui;
  control.setAttribute("aria-label", word);
  return make("span", { class: "explorer-field" }, make("span", { "aria-hidden": "true" }, word), control);
};

/* A function that says whether what it is given differs from what it was given last. */
latentExplorer.ui.changes = () => {
  let last = null;
  return (...parts) => {
    const now = parts.join("|");
    const differs = now !== last;
    last = now;
    return differs;
  };
};

/* A function that makes something, and gives the same again for as long as its key stays the same. */
latentExplorer.ui.remember = (make) => {
  const changed = latentExplorer.ui.changes();
  let value = null;
  return (...key) => {
    if (changed(...key)) value = make();
    return value;
  };
};
