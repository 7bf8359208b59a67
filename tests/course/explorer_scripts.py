"""The explorer's scripts without a page: in V8 alone, for what they compute and for what they would draw with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from py_mini_racer import MiniRacer

from course.explorer.page import BROWSER, SCRIPTS

_ATOB = """
globalThis.atob = (text) => {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const parts = [];
  for (let k = 0; k < text.length; k += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((j) => digits.indexOf(text[k + j]));
    parts.push(String.fromCharCode((a << 2) | (b >> 4)));
    if (c >= 0) parts.push(String.fromCharCode(((b & 15) << 4) | (c >> 2)));
    if (d >= 0) parts.push(String.fromCharCode(((c & 3) << 6) | d));
  }
  return parts.join("");
};
"""
_RECORDING_CANVAS = """
globalThis.strokes = [];
globalThis.document = {
  body: { dataset: {} },
  currentScript: { src: "" },
  createElement: () => ({ setAttribute() {}, append() {}, getContext: () => ({
    beginPath() { this.path = []; },
    moveTo(x, y) { this.path.push([x, y]); },
    lineTo(x, y) { this.path.push([x, y]); },
    closePath() {},
    stroke() { strokes.push({ colour: this.strokeStyle, width: this.lineWidth, path: this.path }); },
  }) }),
};
"""


class Scripts:
    """The scripts of some namespaces, and what Python has handed to the page."""

    def __init__(self, payloads: Iterable[str] = (), namespaces: tuple[str, ...] = ("math", "model")) -> None:
        self._v8 = MiniRacer()
        self._v8.eval(_ATOB)
        self._v8.eval(_RECORDING_CANVAS)
        for name in SCRIPTS:
            if name == SCRIPTS[0] or name.split("/")[0] in namespaces or name == "ui/elements.js":
                self._v8.eval((BROWSER / name).read_text(encoding="utf-8"))
        for payload in payloads:
            self._v8.eval(payload)

    def __call__(self, code: str, *values: Any) -> Any:
        """What a function of JavaScript answers, as JSON tells it; the namespaces have their own names in it."""
        names = "const { math, model, canvas, ui, models, data, encoders, stages } = latentExplorer;"
        return self._v8.call(f"((...values) => {{ {names} return ({code})(...values); }})", *values)
