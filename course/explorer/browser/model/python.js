/* latentExplorer.model: lines of Python that decode the very point of a view, for readers to take along. */
"use strict";

latentExplorer.model.python = (state, model, data) => {
  const { SKETCH, pythonOfSketch } = latentExplorer.model;
  const z = Array.from(state.z, (value) => value.toFixed(4)).join(", ");
  const call = model.labels
    ? `x_hat = model.decode(z, torch.tensor([${state.label}]))  # ${data.classes[state.label]}`
    : "x_hat = model.decode(z)";
  const x = state.image === SKETCH ? pythonOfSketch(state, model) : "";
  const stage =
    state.stage === null ? "" : `# seen after step ${model.step} of its training; the model below is the trained one\n`;
  return `${stage}import torch\n${model.python}\n${x}z = torch.tensor([[${z}]])\n${call}\n`;
};

/* The reader's own image, for Python to encode: z is its mu, or a sample of its cloud. */
latentExplorer.model.pythonOfSketch = ({ sketch, label }, model) => {
  const hex = latentExplorer.math.toHex(sketch);
  const byte = (value) =>
    Math.round(255 * value)
      .toString(16)
      .padStart(2, "0");
  const x = hex
    ? `[[int(bit) for bit in f"{0x${hex}:0${sketch.length}b}"]]).float()`
    : `[list(bytes.fromhex("${Array.from(sketch, byte).join("")}"))]) / 255`;
  const told = model.labels ? `, torch.tensor([${label}])` : "";
  return `x = torch.tensor(${x}\nmu = model.encode(x${told})\n`;
};
