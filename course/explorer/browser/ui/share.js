/* latentExplorer.ui: what can be taken away, the view as a link, the picture, and z as Python. */
"use strict";
{
  const { canvas, math, ui } = latentExplorer;
  const { address, python, SKETCH } = latentExplorer.model;
  const { make, button } = ui;
  const SIZE = 720; // of each picture in the PNG
  const GAP = 24;

  ui.parts.share = (explorer) => {
    const code = make("textarea", { readonly: true, rows: 7, spellcheck: "false", "aria-label": "z as Python" });
    const said = make("span", { role: "status" });
    const copy = async (text, what) => {
      try {
        await navigator.clipboard.writeText(text);
        said.textContent = `${what} copied`;
      } catch {
        said.textContent = `${what} is selected: copy it with your keyboard`;
        code.value = text;
        code.select();
      }
    };
    const link = () => location.href.split("#")[0] + address.write(explorer.id, explorer.state);
    const lines = () => python(explorer.state, explorer.model, explorer.data);
    const buttons = ui.row(
      button("Copy a link to this view", () => copy(link(), "Link")),
      button("Save the picture", () => savePicture(explorer)),
      button("Copy as Python", () => copy(lines(), "Python")),
      said,
    );
    const changed = ui.changes();
    return {
      element: ui.section("share", "Take it with you", buttons, code),
      render() {
        const text = lines();
        if (changed(text)) code.value = text;
      },
    };
  };

  const renderBackground = (context, explorer) => {
    const background = explorer.stage.querySelector(".explorer-background");
    if (!background || background.hidden) return;
    context.globalAlpha = background.style.opacity;
    context.drawImage(background, GAP, GAP, SIZE, SIZE);
    context.globalAlpha = 1;
  };

  /* The point is no part of the map's canvas. */
  const renderPoint = (context, explorer, map) => {
    const rect = map.getBoundingClientRect();
    const handle = explorer.stage.querySelector(".explorer-handle-z").getBoundingClientRect();
    const x = (handle.left + handle.width / 2 - rect.left) / rect.width;
    const y = (handle.top + handle.height / 2 - rect.top) / rect.height;
    Object.assign(context, { strokeStyle: explorer.look.accent, lineWidth: 4 });
    context.beginPath();
    context.arc(GAP + x * SIZE, GAP + y * SIZE, 12, 0, 2 * Math.PI);
    context.stroke();
  };

  /* Map, the sketch if the point is its code, and decode side by side, with a line that says what they are, as a PNG.
   */
  const savePicture = (explorer) => {
    const { state, model, data, look } = explorer;
    const map = explorer.stage.querySelector(".explorer-map");
    const decoded = explorer.stage.querySelector(".explorer-decode");
    const sketch = state.image === SKETCH ? make("canvas") : null;
    const pictures = sketch ? 3 : 2;
    const width = pictures * (SIZE + GAP) + GAP;
    const picture = make("canvas", { width, height: SIZE + 4 * GAP });
    const context = picture.getContext("2d");
    context.fillStyle = look.paper;
    context.fillRect(0, 0, picture.width, picture.height);
    context.imageSmoothingEnabled = false;
    renderBackground(context, explorer);
    if (map) {
      context.drawImage(map, GAP, GAP, SIZE, SIZE);
      renderPoint(context, explorer, map);
    }
    if (sketch) {
      canvas.renderImage(sketch, state.sketch, data.side);
      context.drawImage(sketch, SIZE + 2 * GAP, GAP, SIZE, SIZE);
    }
    if (decoded) context.drawImage(decoded, width - SIZE - GAP, GAP, SIZE, SIZE);
    Object.assign(context, { fillStyle: look.ink, font: "22px system-ui, sans-serif" });
    const z = Array.from(state.z, (value) => math.number(value)).join(", ");
    context.fillText(`${model.title}, ${data.title}: z = (${z})`, GAP, SIZE + 64, picture.width - 2 * GAP);
    make("a", { download: `${state.model}.png`, href: picture.toDataURL("image/png") }).click();
  };
}
