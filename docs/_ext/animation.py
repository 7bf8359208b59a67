"""``.. animation:: NAME``: frames that the reader can stop, step through and print."""

import json
from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Any

from course_sources import depend_on_course
from docutils import nodes
from drawn import unknown
from markup import html
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STILLS = 8


class Animation(SphinxDirective):
    """A figure with a canvas, a play button and a slider, or a strip of stills on paper and without scripts."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        from course import figures

        name = self.arguments[0]
        if name not in figures.ANIMATIONS:
            return unknown(self, "animation", sorted(figures.ANIMATIONS))
        depend_on_course(self.env, f"import {figures.ANIMATIONS[name].__module__}")
        animation = figures.animate(name)
        number = self.env.new_serialno("animation")
        figure = html(
            "figure",
            _player(animation, f"animation-{number}"),
            _strip(animation),
            html("figcaption", *self.parse_content_to_nodes()),
            class_="animation animation-coloured" if animation.coloured else "animation",
        )
        self.set_source_info(figure)
        return [figure]


def _player(animation: Any, name: str) -> nodes.Element:
    """What the script brings to life; hidden until it does."""
    height, width = animation.frames.shape[1:3]
    sprites = {"data_sprite": _png(_column(animation.frames))}
    if animation.dark is not None:
        sprites["data_sprite_dark"] = _png(_column(animation.dark))
    count = len(animation.frames)
    canvas = html("canvas", role="img", aria_label=animation.alt, width=str(width), height=str(height))
    play = html("button", nodes.Text("Play"), type="button")
    slider = html("input", type="range", id_=name, min="1", max=str(count), value="1")
    controls = html("div", play, html("label", nodes.Text("Frame"), for_=name), slider, class_="animation-controls")
    shown = html("output", nodes.Text(animation.labels[0]), for_=name, aria_live="off")
    return html(
        "div",
        canvas,
        controls,
        shown,
        class_="animation-player",
        hidden="",
        data_labels=json.dumps(list(animation.labels), ensure_ascii=False),
        data_fps=str(animation.fps),
        **sprites,
    )


def _column(frames: "NDArray[Any]") -> "NDArray[Any]":
    """All frames below each other, (N * H, W) or (N * H, W, 3)."""
    return frames.reshape(-1, *frames.shape[2:])


def _strip(animation: Any) -> nodes.Element:
    """Some frames at even distances, side by side with one grey column between them."""
    import numpy as np

    frames = animation.frames
    chosen = frames[np.linspace(0, len(frames) - 1, min(_STILLS, len(frames))).round().astype(int)]
    gap = np.full_like(frames[0][:, :1], 128)
    strip = np.hstack([column for frame in chosen for column in (frame, gap)][:-1])
    alt = f"{animation.alt} Shown as {len(chosen)} of {len(frames)} frames, from left to right."
    return html("img", src=_png(strip), alt=alt, class_="animation-strip")


def _png(pixels: "NDArray[Any]") -> str:
    """The picture as an address that holds it; few colours are kept as a palette, which is a third as long."""
    import numpy as np
    from PIL import Image

    file, image = BytesIO(), Image.fromarray(pixels)
    if pixels.ndim == 3:
        colours, numbers = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
        if len(colours) <= 256:
            image = Image.fromarray(numbers.reshape(pixels.shape[:2]).astype(np.uint8), mode="P")
            image.putpalette(colours.tobytes())
    image.save(file, format="png", optimize=True)
    return "data:image/png;base64," + b64encode(file.getvalue()).decode()


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.add_directive("animation", Animation)
    app.add_js_file("animation.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
