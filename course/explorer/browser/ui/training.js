/* latentExplorer.ui: the same training at several moments, a slider over the steps, loaded when it is asked for. */
"use strict";

latentExplorer.ui.parts.training = (explorer) => {
  const { ui, stages, models } = latentExplorer;
  const { make, button } = ui;
  const fileOf = () => explorer.options.stages?.[explorer.state.model];
  const shown = make("output", { "aria-live": "off" });
  const slider = make("input", {
    type: "range",
    min: 0,
    value: 0,
    "aria-label": "Moment of the training",
    oninput: () => go(Number(slider.value)),
  });
  const load = button("", () => fetchStages(0));
  const play = button("Play", () => (timer ? stop() : start()));
  const end = button("Trained model", () => go(null));
  const controls = ui.row(play, slider, shown, end);
  const element = ui.section("training", "Training, step by step", load, controls);
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
      const { stage } = explorer.state;
      if (stage === null || stage >= last) stop();
      else go(stage + 1);
    }, 900);
  };
  const fetchStages = async (stage) => {
    const name = explorer.state.model;
    load.disabled = true;
    try {
      await latentExplorer.load([fileOf().file]);
      explorer.show(name, stage);
    } catch {
      explorer.live.textContent = "The stages could not be loaded. Is the folder of this page complete?";
    }
    load.disabled = false;
    explorer.requestRender();
  };

  const renderLoaded = (there) => {
    const { model: name, stage } = explorer.state;
    slider.max = there.length - 1;
    slider.value = stage ?? there.length - 1;
    shown.textContent = `step ${there[slider.value].step} of ${models[name].steps}`;
    slider.setAttribute("aria-valuetext", shown.textContent);
    end.disabled = stage === null;
  };

  return {
    element,
    render() {
      const file = fileOf();
      element.hidden = !file;
      if (!file) {
        stop();
        return;
      }
      const there = stages[explorer.state.model];
      if (explorer.wantedStage !== null && !there) fetchStages(explorer.wantedStage);
      explorer.wantedStage = null;
      load.hidden = Boolean(there);
      controls.hidden = !there;
      load.textContent = `Load ten moments of this training, ${file.kilobytes} KB`;
      if (there) renderLoaded(there);
    },
  };
};
