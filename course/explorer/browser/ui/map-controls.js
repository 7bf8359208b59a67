/* latentExplorer.ui: which two dimensions the map shows, and what is behind the points. */
"use strict";

latentExplorer.ui.mapControls = (explorer) => {
  const { math, ui } = latentExplorer;
  const { isCollapsed } = latentExplorer.model;
  const { make, field } = ui;
  const choose = (k) => make("select", { onchange: (event) => setAxis(k, event.currentTarget.value) });
  const axes = [choose(0), choose(1)];
  const behind = make("select", { onchange: () => explorer.set({ background: behind.value }) });
  const note = ui.note();
  const fields = ui.row(field("Across", axes[0]), field("Up", axes[1]), field("Behind", behind));
  const element = make("div", {}, fields, note);
  let builtFor = null;

  const setAxis = (k, value) => {
    const { model, state } = explorer;
    if (value === "pca") {
      explorer.set({ axes: "pca" });
      return;
    }
    const next = state.axes === "pca" ? model.order.slice(0, 2) : [...state.axes];
    const chosen = Number(value);
    const other = next[k] === chosen ? model.order.find((d) => d !== chosen) : next[k];
    if (next[1 - k] === chosen) next[1 - k] = other;
    next[k] = chosen;
    explorer.set({ axes: next });
  };

  const hasClassMap = () => Boolean(explorer.data.on || explorer.model.classMap);
  const build = (model) => {
    const option = (value, text) => make("option", { value }, text);
    const title = (d) => (isCollapsed(model, d) ? `z${d}, collapsed` : `z${d}`);
    axes.forEach((select, k) => {
      const dimensions = model.order.map((d) => option(d, title(d)));
      select.replaceChildren(...dimensions, option("pca", `PCA ${k + 1}`));
    });
    behind.replaceChildren(option("none", "nothing"), option("grid", "decoded grid"));
    if (hasClassMap()) behind.append(option("class", "class map"), option("both", "class map and grid"));
  };

  const ofAxes = ({ latent, pca }) => {
    const rest = latent - 2;
    if (explorer.state.axes === "pca") {
      const share = Math.round(100 * pca.share);
      return `Two directions that hold ${share} % of the variance of the codes; the point moves in their plane.`;
    }
    return rest > 0
      ? `Two dimensions of ${latent}: points that touch here may be far apart in the other ${rest}.`
      : "The whole latent space: it has two dimensions.";
  };
  const ofBackground = ({ latent, classMap }) => {
    const { background } = explorer.state;
    const words = [];
    if (background !== "none" && latent > 2) words.push(" Behind them is the plane through the point.");
    const hasClasses = background === "class" || background === "both";
    if (hasClasses && explorer.data.on) {
      const share = math.number(100 * (explorer.validShare ?? 0), 0);
      words.push(
        ` Strong colour: exactly an image of the set, ${share} % of what is seen; pale: only nearest to that class.`,
      );
    }
    if (hasClasses && classMap) {
      words.push(" The class is a classifier’s opinion, also where there is nothing to classify.");
    }
    return words.join("");
  };

  return {
    element,
    render() {
      const { model, state } = explorer;
      if (builtFor !== model) build(model);
      builtFor = model;
      axes.forEach((select, k) => (select.value = state.axes === "pca" ? "pca" : state.axes[k]));
      if (["class", "both"].includes(state.background) && !hasClassMap()) state.background = "none";
      behind.value = state.background;
      note.textContent = ofAxes(model) + ofBackground(model);
    },
  };
};
