/* Which model, which images, and for a conditional model which class is asked for. */
"use strict";

latentExplorer.parts.head = (explorer) => {
  const { make, field, models, data } = latentExplorer;
  const pick = make("select", { onchange: () => explorer.show(pick.value) });
  const label = make("select", { onchange: () => explorer.set({ label: Number(label.value), image: Math.min(explorer.state.image, -1), t: null }) });
  const picked = field("Model", pick);
  const labelled = field("Class to draw", label);
  const images = make("div", { class: "explorer-choice", role: "group", "aria-label": "Images" });
  const element = make("div", { class: "explorer-head" }, picked, labelled, images);
  const shown = new Set(explorer.options.models);
  let [listed, classes] = ["", ""];

  const first = (name) => [...shown].find((model) => models[model].data === name);
  const switches = () => {
    const here = [...new Set([...shown].map((name) => models[name].data))].map((name) => ({
      title: data[name].title, on: explorer.model.data === name, go: () => explorer.show(first(name)),
    }));
    const away = (explorer.options.more ?? []).filter((more) => !data[more.data]).map((more) => ({
      title: `${more.title}, ${more.kilobytes} KB`, on: false, go: async (button) => {
        button.disabled = true;
        button.textContent = `Loading ${more.title}…`;
        try {
          await latentExplorer.load(more.files);
        } catch {
          explorer.live.textContent = `${more.title} could not be loaded. Is the folder of this page complete?`;
          listed = "";
          return explorer.redraw();
        }
        more.models.forEach((name) => shown.add(name));
        explorer.show(more.models[0]);
      },
    }));
    return [...here, ...away];
  };

  return {
    element,
    draw() {
      const { state, model } = explorer;
      const key = [model.data, ...shown].join();
      if (key !== listed) {
        listed = key;
        const mine = [...shown].filter((name) => models[name].data === model.data);
        picked.hidden = mine.length < 2;
        pick.replaceChildren(...mine.map((name) => make("option", { value: name }, models[name].title)));
        const all = switches();
        images.hidden = all.length < 2;
        images.replaceChildren(...all.map((one) => make("button", {
          type: "button", "aria-pressed": String(one.on), onclick: (event) => one.go(event.currentTarget),
        }, one.title)));
        if (classes !== model.data) label.replaceChildren(...explorer.data.classes.map((name, c) => make("option", { value: c }, name)));
        classes = model.data;
      }
      pick.value = state.model;
      label.value = state.label;
      labelled.hidden = !model.labels;
      element.hidden = picked.hidden && labelled.hidden && images.hidden; // a choice of one is none
    },
  };
};

/* The same training at several moments: a slider over the steps, loaded when it is asked for. */
latentExplorer.parts.training = (explorer) => {
  const { make, stages, models } = latentExplorer;
  const file = () => explorer.options.stages?.[explorer.state.model];
  const shown = make("output", { "aria-live": "off" });
  const slider = make("input", { type: "range", min: 0, value: 0, "aria-label": "Moment of the training", oninput: () => go(Number(slider.value)) });
  const load = make("button", { type: "button", onclick: () => fetched(0) });
  const play = make("button", { type: "button", onclick: () => (timer ? stop() : start()) }, "Play");
  const end = make("button", { type: "button", onclick: () => go(null) }, "Trained model");
  const controls = make("div", { class: "explorer-row" }, play, slider, shown, end);
  const element = latentExplorer.section("training", "Training, step by step", load, controls);
  let timer = null;

  const go = (stage) => explorer.show(explorer.state.model, stage);
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };
  const start = () => {
    play.textContent = "Pause";
    const last = stages[explorer.state.model].length - 1;
    if ((explorer.state.stage ?? last) >= last) go(0);
    timer = setInterval(() => {
      if (explorer.state.stage === null || explorer.state.stage >= last) return stop();
      go(explorer.state.stage + 1);
    }, 900);
  };
  const fetched = async (stage) => {
    const name = explorer.state.model;
    load.disabled = true;
    try {
      await latentExplorer.load([file().file]);
      explorer.show(name, stage);
    } catch {
      explorer.live.textContent = "The stages could not be loaded. Is the folder of this page complete?";
    }
    load.disabled = false;
    explorer.redraw();
  };

  return {
    element,
    draw() {
      const { model: name, stage } = explorer.state;
      element.hidden = !file();
      if (!file()) return stop();
      const there = stages[name];
      if (explorer.wanted !== undefined && !there) fetched(explorer.wanted);
      delete explorer.wanted;
      [load.hidden, controls.hidden] = [Boolean(there), !there];
      load.textContent = `Load ten moments of this training, ${file().kilobytes} KB`;
      if (!there) return;
      slider.max = there.length - 1;
      slider.value = stage ?? there.length - 1;
      const step = there[slider.value].step;
      shown.textContent = `step ${step} of ${models[name].steps}`;
      slider.setAttribute("aria-valuetext", shown.textContent);
      end.disabled = stage === null;
    },
  };
};
