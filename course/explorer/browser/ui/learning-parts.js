/* latentExplorer.ui: what a training in the page is made of, for hands and for eyes. */
"use strict";
{
  const { ui } = latentExplorer;
  const { make, button } = ui;

  ui.BETAS = [0, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64];
  ui.BETA_NAMES = ["0", "1/8", "1/4", "1/2", "1", "2", "4", "8", "16", "32", "64"];
  const LATENT = [2, 4, 8];

  /* What the reader turns. */
  ui.learningKnobs = (here) => {
    const restart = () => here.restart();
    const again = () => here.requestRender();
    const option = (latent) => make("option", { value: latent, selected: latent === 8 }, `${latent}`);
    return {
      play: button("Play", () => here.run(!here.isRunning)),
      once: button("One step", () => here.stepOnce()),
      slow: button("Slow", (event) => event.target.setAttribute("aria-pressed", String(!here.isSlow)), {
        "aria-pressed": "false",
      }),
      restart: button("Restart", restart),
      beta: make("input", {
        type: "range",
        min: 0,
        max: ui.BETAS.length - 1,
        value: ui.BETAS.indexOf(1),
        oninput: again,
      }),
      betaShown: make("output", { "aria-live": "off" }),
      latent: make("select", { onchange: restart }, ...LATENT.map(option)),
      seed: make("input", { type: "number", min: 0, max: 999, value: 0, onchange: restart }),
    };
  };

  /* What the reader sees. */
  ui.learningViews = () => ({
    map: make("canvas", { class: "explorer-map", role: "img" }),
    curves: make("canvas", { class: "learning-curves", role: "img" }),
    strip: make("canvas", { class: "learning-images", role: "img" }),
    bars: make("div", { class: "learning-bars" }),
    words: make("p", { class: "explorer-words" }),
    live: make("p", { class: "explorer-live", "aria-live": "polite" }),
  });

  ui.learningLegend = () => {
    const entry = (name, words) => make("span", { class: `learning-${name}` }, words);
    const entries = [entry("total", "total at beta 1"), entry("reconstruction", "reconstruction"), entry("kl", "KL")];
    return make("p", { class: "explorer-note learning-legend" }, ...entries);
  };
}
