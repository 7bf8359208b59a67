/* The one global of the page, latentExplorer, and what its explorers show. Each image set, model and training comes in
   a classic script of its own that calls latentExplorer.add, because a page that was opened as a file can load nothing
   else. What stands where: math knows numbers only, model knows models, images and points, canvas renders, ui is what
   the reader takes hold of. */
"use strict";

globalThis.latentExplorer = {
  math: {},
  model: {},
  canvas: {},
  ui: { parts: {} }, // name -> what makes one part of an explorer

  data: {}, // name -> { side, count, classes, markers, looks, labels, images, names, exact, on }
  models: {}, // name -> { latent, layers, mu, sigma, kl, pca, order, ... }
  stages: {}, // name of a model -> the same model after several numbers of steps
  encoders: {}, // name of a model -> { layers, usual }
  here: null, // the explorers of this page, once it is complete
  learning: null, // and its trainings
  folder: document.currentScript.src.replace(/[^/]*$/, ""), // where the scripts lie
  loading: {}, // file -> what resolves when it has run

  add(what, name, payload) {
    const { readData, readModel, readEncoder } = this.model;
    if (what === "data") this.data[name] = readData(payload);
    if (what === "model") this.models[name] = readModel(payload);
    if (what === "encoder") this.encoders[name] = readEncoder(payload);
    if (what === "stages") this.stages[name] = payload.stages.map(readModel);
  },

  /* Loads scripts that the page did not bring, once each, and resolves when all have run. */
  load(files) {
    return Promise.all(files.map((file) => (this.loading[file] ??= this.loadOne(file))));
  },

  loadOne(file) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = this.folder + file;
      script.onload = resolve;
      script.onerror = () => {
        delete this.loading[file];
        reject(new Error(`${file} could not be loaded`));
      };
      document.head.append(script);
    });
  },
};
