/* latentExplorer.math: numbers as text, for scripts, for the address and for readers. */
"use strict";

/* base64 -> Uint8Array. */
latentExplorer.math.bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/* base64 of little-endian float16 -> Float32Array, exactly. */
latentExplorer.math.halves = (text) => {
  const bytes = latentExplorer.math.bytes(text);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => {
    const bits = view.getUint16(2 * i, true);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
  });
};

/* 16 x 16 black and white pixels as 64 hexadecimal digits; null for what they cannot say. */
latentExplorer.math.toHex = (x) => {
  if (!x || x.length > 256 || x.some((value) => value !== 0 && value !== 1)) return null;
  const digit = (k) => 8 * x[k] + 4 * x[k + 1] + 2 * x[k + 2] + x[k + 3];
  return Array.from({ length: x.length / 4 }, (_, k) => digit(4 * k).toString(16)).join("");
};

latentExplorer.math.fromHex = (text) => {
  const bit = (k) => (parseInt(text[k >> 2], 16) >> (3 - (k & 3))) & 1;
  return Float32Array.from({ length: 4 * text.length }, (_, k) => bit(k));
};

/* With a minus sign, and no minus before a zero. */
latentExplorer.math.number = (value, digits = 2) =>
  value
    .toFixed(digits)
    .replace(/^-(?=[0.]*$)/, "")
    .replace("-", "\u2212");
