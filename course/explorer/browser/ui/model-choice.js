/* latentExplorer.ui: which model, which images, and for a conditional model which class is asked for. */
"use strict";

latentExplorer.ui.parts.head = (explorer) => {
  const { ui, models, data } = latentExplorer;
  const { make, button, field } = ui;
  const pick = make("select", { onchange: () => explorer.show(pick.value) });
  const askFor = (label) => {
    const image = Math.min(explorer.state.image, latentExplorer.model.NO_IMAGE); // a sketch stays one
    explorer.set({ label, image, t: null });
  };
  const label = make("select", { onchange: () => askFor(Number(label.value)) });
  const picked = field("Model", pick);
  const labelled = field("Class to draw", label);
  const images = make("div", { class: "explorer-choice", role: "group", "aria-label": "Images" });
  const element = make("div", { class: "explorer-head" }, picked, labelled, images);
  const shown = new Set(explorer.options.models);
  const listed = ui.changes();
  const classesListed = ui.changes();

  const option = (value, text) => make("option", { value }, text);
  const dataOf = (name) => models[name].data;

  const buttonOfLoaded = (name) =>
    button(data[name].title, () => explorer.show([...shown].find((model) => dataOf(model) === name)), {
      "aria-pressed": String(explorer.model.data === name),
    });
  const load = async (more, pressed) => {
    pressed.disabled = true;
    pressed.textContent = `Loading ${more.title}…`;
    try {
      await latentExplorer.load(more.files);
    } catch {
      explorer.live.textContent = `${more.title} could not be loaded. Is the folder of this page complete?`;
      listed(null);
      explorer.requestRender();
      return;
    }
    for (const name of more.models) shown.add(name);
    explorer.show(more.models[0]);
  };
  const buttonToLoad = (more) =>
    button(`${more.title}, ${more.kilobytes} KB`, (event) => load(more, event.currentTarget), {
      "aria-pressed": "false",
    });

  const list = () => {
    const mine = [...shown].filter((name) => dataOf(name) === explorer.model.data);
    picked.hidden = mine.length < 2;
    pick.replaceChildren(...mine.map((name) => option(name, models[name].title)));
    const loaded = [...new Set([...shown].map(dataOf))].map(buttonOfLoaded);
    const others = (explorer.options.more ?? []).filter((more) => !data[more.data]).map(buttonToLoad);
    images.hidden = loaded.length + others.length < 2;
    images.replaceChildren(...loaded, ...others);
    if (classesListed(explorer.model.data)) {
      label.replaceChildren(...explorer.data.classes.map((name, c) => option(c, name)));
    }
  };

  return {
    element,
    render() {
      const { state, model } = explorer;
      if (listed(model.data, ...shown)) list();
      pick.value = state.model;
      label.value = state.label;
      labelled.hidden = !model.labels;
      element.hidden = picked.hidden && labelled.hidden && images.hidden; // a choice of one is none
    },
  };
};
