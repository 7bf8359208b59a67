/* What the explorers of a page show. Each image set, model and training comes in a classic script of its own, because
   a page that was opened as a file can load nothing else. */
"use strict";

globalThis.latentExplorer = {
  data: {}, // name -> { side, count, classes, labels, images, names, exact }
  models: {}, // name -> { latent, layers, mu, sigma, kl, pca, half, ... }
  stages: {}, // name of a model -> the same model after several numbers of steps
  encoders: {}, // name of a model -> { layers, usual }
  parts: {}, // name -> what makes one part of an explorer
  folder: document.currentScript.src.replace(/[^/]*$/, ""), // where the scripts lie

  add(what, name, payload) {
    if (what === "data") this.data[name] = this.readData(payload);
    if (what === "model") this.models[name] = this.readModel(payload);
    if (what === "encoder") this.encoders[name] = { ...payload, weights: null, layers: this.readLayers(payload) };
    if (what === "stages") this.stages[name] = payload.stages.map((stage) => this.readModel(stage));
  },

  /* Loads scripts that the page did not bring, once each, and resolves when all have run. */
  load(files) {
    return Promise.all(files.map((file) => (this.loading[file] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = this.folder + file;
      script.onload = resolve;
      script.onerror = () => {
        delete this.loading[file];
        reject(new Error(`${file} could not be loaded`));
      };
      document.head.append(script);
    }))));
  },
  loading: {},

  readData(payload) {
    const labels = this.bytes(payload.labels);
    const packed = this.bytes(payload.pixels);
    const pixels = payload.side ** 2;
    const value = (k) => (payload.bits === 1 ? (packed[k >> 3] >> (7 - (k & 7))) & 1 : packed[k] / 255);
    const images = Array.from({ length: payload.count }, (_, i) =>
      Float32Array.from({ length: pixels }, (_, k) => value(i * pixels + k)));
    const on = payload.exact ? images.map((image) => Uint16Array.from([...image.keys()].filter((k) => image[k]))) : null;
    return { ...payload, labels, images, on };
  },

  readLayers({ sizes, weights: text }) {
    const weights = this.halves(text);
    const layers = [];
    for (let l = 0, at = 0; l + 1 < sizes.length; l++) {
      const [inputs, outputs] = sizes.slice(l, l + 2);
      const end = at + inputs * outputs;
      layers.push({ inputs, outputs, weights: weights.subarray(at, end), bias: weights.subarray(end, end + outputs) });
      at = end + outputs;
    }
    return layers;
  },

  readModel(payload) {
    const rows = (text) => {
      const all = this.halves(text);
      return Array.from({ length: all.length / payload.latent }, (_, i) =>
        all.subarray(i * payload.latent, (i + 1) * payload.latent));
    };
    const sigma = payload.logVar && rows(payload.logVar).map((row) => row.map((value) => Math.exp(value / 2)));
    const order = [...payload.kl.keys()].sort((i, j) => payload.kl[j] - payload.kl[i]);
    return { ...payload, weights: null, layers: this.readLayers(payload), mu: rows(payload.mu), sigma, order };
  },

  bytes(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  },

  /* base64 of little-endian float16 -> Float32Array, exactly. */
  halves(text) {
    const bytes = this.bytes(text);
    const view = new DataView(bytes.buffer);
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => {
      const bits = view.getUint16(2 * i, true);
      const sign = bits & 0x8000 ? -1 : 1;
      const exponent = (bits >> 10) & 31;
      const fraction = bits & 1023;
      return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
    });
  },
};
