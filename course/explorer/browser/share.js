/* What can be taken away: the view as a link, the picture, and z as Python. */
"use strict";

latentExplorer.parts.share = (explorer) => {
  const { make } = latentExplorer;
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
  const address = () => location.href.split("#")[0] + latentExplorer.address.write(explorer.id, explorer.state);
  const element = latentExplorer.section("share", "Take it with you",
    make("div", { class: "explorer-row" },
      make("button", { type: "button", onclick: () => copy(address(), "Link") }, "Copy a link to this view"),
      make("button", { type: "button", onclick: () => latentExplorer.savePicture(explorer) }, "Save the picture"),
      make("button", { type: "button", onclick: () => copy(latentExplorer.python(explorer), "Python") }, "Copy as Python"), said), code);
  let shown = "";
  return {
    element,
    draw() {
      const text = latentExplorer.python(explorer);
      if (text !== shown) [shown, code.value] = [text, text];
    },
  };
};

/* Lines that decode this very point in Python. */
latentExplorer.python = ({ state, model, data }) => {
  const z = Array.from(state.z, (value) => value.toFixed(4)).join(", ");
  const call = model.labels
    ? `x_hat = model.decode(z, torch.tensor([${state.label}]))  # ${data.classes[state.label]}`
    : "x_hat = model.decode(z)";
  const x = state.image === latentExplorer.OWN ? latentExplorer.pythonOfDrawing({ state, model }) : "";
  const stage = state.stage === null ? "" : `# seen after step ${model.step} of its training; the model below is the trained one\n`;
  return `${stage}import torch\n${model.python}\n${x}z = torch.tensor([[${z}]])\n${call}\n`;
};

/* The drawing itself, for Python to encode: z is its mu, or a draw from its cloud. */
latentExplorer.pythonOfDrawing = ({ state, model }) => {
  const hex = latentExplorer.toHex(state.x);
  const bytes = () => Array.from(state.x, (value) => Math.round(255 * value).toString(16).padStart(2, "0")).join("");
  const x = hex ? `[[int(bit) for bit in f"{0x${hex}:0${state.x.length}b}"]]).float()` : `[list(bytes.fromhex("${bytes()}"))]) / 255`;
  return `x = torch.tensor(${x}\nmu = model.encode(x${model.labels ? `, torch.tensor([${state.label}])` : ""})\n`;
};

/* Map, the drawing if the point is its code, and decode side by side, with a line that says what they are, as a PNG. */
latentExplorer.savePicture = (explorer) => {
  const { look, make, number } = latentExplorer;
  const map = explorer.stage.querySelector(".explorer-map");
  const decode = explorer.stage.querySelector(".explorer-decode");
  const size = 720;
  const board = explorer.state.image === latentExplorer.OWN ? make("canvas") : null;
  const right = board ? 2 * size + 72 : size + 48; // where the decode stands
  const canvas = make("canvas", { width: right + size + 24, height: size + 96 });
  const context = canvas.getContext("2d");
  const { paper, ink, accent } = look();
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  const ground = explorer.stage.querySelector(".explorer-ground");
  if (ground && !ground.hidden) {
    context.globalAlpha = ground.style.opacity;
    context.drawImage(ground, 24, 24, size, size);
    context.globalAlpha = 1;
  }
  if (map) {
    context.drawImage(map, 24, 24, size, size);
    const rect = map.getBoundingClientRect();
    const handle = explorer.stage.querySelector(".explorer-handle-z").getBoundingClientRect();
    [context.strokeStyle, context.lineWidth] = [accent, 4];
    context.beginPath();
    context.arc(24 + ((handle.left + handle.width / 2 - rect.left) / rect.width) * size, 24 + ((handle.top + handle.height / 2 - rect.top) / rect.height) * size, 12, 0, 2 * Math.PI);
    context.stroke();
  }
  if (board) {
    latentExplorer.showImage(board, explorer.state.x, explorer.data.side);
    context.drawImage(board, size + 48, 24, size, size);
  }
  if (decode) context.drawImage(decode, right, 24, size, size);
  [context.fillStyle, context.font] = [ink, "22px system-ui, sans-serif"];
  const z = Array.from(explorer.state.z, (value) => number(value)).join(", ");
  context.fillText(`${explorer.model.title}, ${explorer.data.title}: z = (${z})`, 24, size + 64, canvas.width - 48);
  const save = make("a", { download: `${explorer.state.model}.png`, href: canvas.toDataURL("image/png") });
  save.click();
  return canvas;
};
