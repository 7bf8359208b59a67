"""Lesson 1: mistakes with `encode`, `decode`, `interpolate` and the walk.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes.
"""

# ruff: noqa: ARG001

from __future__ import annotations

from itertools import pairwise
from typing import Any

import imageio.v3 as iio
import numpy as np
import torch

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

ENCODER, DECODER, LINE, WALK = "the-encoder", "the-decoder", "interpolation", "challenge"


def _hidden(self: Any, x: torch.Tensor) -> torch.Tensor:
    return torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x))))


def _logits(self: Any, z: torch.Tensor) -> torch.Tensor:
    out: torch.Tensor = self.decoder_out(torch.relu(self.decoder_fc2(torch.relu(self.decoder_fc1(z)))))
    return out


# 1.1 encode


@mistake("1.1", "the first ReLU is missing", ENCODER)
def encode_without_first_relu(self: Any, x: torch.Tensor) -> Any:
    """Two linear layers in a row make one linear layer. What stands between encoder_fc1 and encoder_fc2?"""
    return self.fc_mu(torch.relu(self.encoder_fc2(self.encoder_fc1(x))))


@mistake("1.1", "the second ReLU is missing", ENCODER)
def encode_without_second_relu(self: Any, x: torch.Tensor) -> Any:
    """What happens to the output of encoder_fc2 before a head sees it?"""
    return self.fc_mu(self.encoder_fc2(torch.relu(self.encoder_fc1(x))))


@mistake("1.1", "no ReLU at all", ENCODER)
def encode_without_relu(self: Any, x: torch.Tensor) -> Any:
    """Three linear layers in a row: how many would do the same work? What has to stand between layers?"""
    return self.fc_mu(self.encoder_fc2(self.encoder_fc1(x)))


@mistake("1.1", "a ReLU on mu", ENCODER)
def encode_relu_on_mu(self: Any, x: torch.Tensor) -> Any:
    """Which points of the latent space can your encoder never reach?"""
    return torch.relu(self.fc_mu(_hidden(self, x)))


@mistake("1.1", "the other head", ENCODER)
def encode_other_head(self: Any, x: torch.Tensor) -> Any:
    """There are two heads on the same hidden layer. Which of them says where an image lies, and which how far its
    cloud reaches?
    """
    return self.fc_log_var(_hidden(self, x))


@mistake("1.1", "both heads returned", ENCODER)
def encode_both_heads(self: Any, x: torch.Tensor) -> Any:
    """How many results does this lesson ask of encode? The second one has its own lesson."""
    h = _hidden(self, x)
    return self.fc_mu(h), self.fc_log_var(h)


@mistake("1.1", "a sample instead of mu", ENCODER)
def encode_sample(self: Any, x: torch.Tensor) -> Any:
    """Encode the same image twice: do you get the same numbers? Should the centre of a cloud be random?"""
    h = _hidden(self, x)
    mu, log_var = self.fc_mu(h), self.fc_log_var(h)
    return mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)


@mistake("1.1", "the gradient is cut off", ENCODER)
def encode_detached(self: Any, x: torch.Tensor) -> Any:
    """Training changes the encoder through the gradient of its output. Where in your function does it end?"""
    with torch.no_grad():
        return self.fc_mu(_hidden(self, x))


@mistake("1.1", "normalised over the batch", ENCODER)
def encode_normalised(self: Any, x: torch.Tensor) -> Any:
    """Does the code of one image change when another image of the batch does? Should it?"""
    mu = self.fc_mu(_hidden(self, x))
    return (mu - mu.mean(0)) / (mu.std(0, correction=0) + 1e-8)


@mistake("1.1", "the head is missing", ENCODER)
def encode_without_head(self: Any, x: torch.Tensor) -> Any:
    """How many numbers should describe an image, and how many does your result have? Which layer gets from one to the
    other?
    """
    return _hidden(self, x)


@mistake("1.1", "squeezed", ENCODER)
def encode_squeezed(self: Any, x: torch.Tensor) -> Any:
    """What is the shape of your result for a single image, or for a single latent dimension? Which call drops a
    dimension of size one?
    """
    return self.fc_mu(_hidden(self, x)).squeeze()


@mistake("1.1", "a sigmoid in place of a ReLU", ENCODER)
def encode_with_sigmoid(self: Any, x: torch.Tensor) -> Any:
    """Which activation does the description of the encoder name between its layers?"""
    return self.fc_mu(torch.sigmoid(self.encoder_fc2(torch.sigmoid(self.encoder_fc1(x)))))


@mistake("1.1", "averaged over the batch", ENCODER)
def encode_averaged(self: Any, x: torch.Tensor) -> Any:
    """Each image has a place of its own in the latent space. How many places does your result hold?"""
    return self.fc_mu(_hidden(self, x)).mean(0)


# 1.2 decode


@mistake("1.2", "no sigmoid", DECODER)
def decode_logits(self: Any, z: torch.Tensor) -> Any:
    """The last layer gives any real number. What turns it into a pixel between 0 and 1?"""
    return _logits(self, z)


@mistake("1.2", "two sigmoids", DECODER)
def decode_two_sigmoids(self: Any, z: torch.Tensor) -> Any:
    """Look at your darkest pixel: can it be below one half? How often is the sigmoid applied?"""
    return torch.sigmoid(torch.sigmoid(_logits(self, z)))


@mistake("1.2", "tanh in place of the sigmoid", DECODER)
def decode_tanh(self: Any, z: torch.Tensor) -> Any:
    """What is the smallest value that tanh gives? Is there such a pixel?"""
    return torch.tanh(_logits(self, z))


@mistake("1.2", "softmax in place of the sigmoid", DECODER)
def decode_softmax(self: Any, z: torch.Tensor) -> Any:
    """Add up the pixels of one of your images. Do pixels compete with one another for brightness, or is each on its
    own?
    """
    return torch.softmax(_logits(self, z), dim=-1)


@mistake("1.2", "a ReLU in place of the sigmoid", DECODER)
def decode_relu(self: Any, z: torch.Tensor) -> Any:
    """How bright can a pixel get after a ReLU? Which function has a ceiling as well as a floor?"""
    return torch.relu(_logits(self, z))


@mistake("1.2", "a ReLU before the sigmoid", DECODER)
def decode_relu_then_sigmoid(self: Any, z: torch.Tensor) -> Any:
    """Which logits does your last ReLU let through, and how dark can a pixel get then?"""
    return torch.sigmoid(torch.relu(_logits(self, z)))


@mistake("1.2", "clipped in place of the sigmoid", DECODER)
def decode_clipped(self: Any, z: torch.Tensor) -> Any:
    """Clipping and a sigmoid both end in [0, 1]. What is the gradient of each where the logit is large?"""
    return torch.clamp(_logits(self, z), 0, 1)


@mistake("1.2", "thresholded", DECODER)
def decode_thresholded(self: Any, z: torch.Tensor) -> Any:
    """How many different grey values do your images have? What is the gradient of a step?"""
    return (torch.sigmoid(_logits(self, z)) > 0.5).float()


@mistake("1.2", "the first ReLU is missing", DECODER)
def decode_without_first_relu(self: Any, z: torch.Tensor) -> Any:
    """What stands between decoder_fc1 and decoder_fc2, so that together they are more than one linear layer?"""
    return torch.sigmoid(self.decoder_out(torch.relu(self.decoder_fc2(self.decoder_fc1(z)))))


@mistake("1.2", "the second ReLU is missing", DECODER)
def decode_without_second_relu(self: Any, z: torch.Tensor) -> Any:
    """What happens to the output of decoder_fc2 before decoder_out sees it?"""
    return torch.sigmoid(self.decoder_out(self.decoder_fc2(torch.relu(self.decoder_fc1(z)))))


@mistake("1.2", "no ReLU between the layers", DECODER)
def decode_without_relu(self: Any, z: torch.Tensor) -> Any:
    """Three linear layers with nothing between them do the work of how many?"""
    return torch.sigmoid(self.decoder_out(self.decoder_fc2(self.decoder_fc1(z))))


@mistake("1.2", "the gradient is cut off", DECODER)
def decode_detached(self: Any, z: torch.Tensor) -> Any:
    """Training reaches the latent vector through the gradient of the image. Where in your function does that gradient
    end?
    """
    return torch.sigmoid(_logits(self, z)).detach()


@mistake("1.2", "reshaped to 16 x 16", DECODER)
def decode_reshaped(self: Any, z: torch.Tensor) -> Any:
    """Which shape does decode promise, and does every model have 256 pixels? Is it the task of decode to turn a row of
    pixels into a picture?
    """
    return torch.sigmoid(_logits(self, z)).view(-1, 16, 16)


@mistake("1.2", "the last layer is missing", DECODER)
def decode_without_out(self: Any, z: torch.Tensor) -> Any:
    """How many pixels does your image have? Which layer has as many outputs as an image has pixels?"""
    return torch.sigmoid(self.decoder_fc2(torch.relu(self.decoder_fc1(z))))


@mistake("1.2", "tanh moved to the unit interval", DECODER)
def decode_tanh_moved(self: Any, z: torch.Tensor) -> Any:
    """Your pixels lie in [0, 1]. Is (tanh(x) + 1) / 2 the sigmoid of x, or of a multiple? Compare them at 1."""
    return (torch.tanh(_logits(self, z)) + 1) / 2


# 1.3 interpolate


def _line(vae: Any, a: torch.Tensor, b: torch.Tensor, t: torch.Tensor) -> list[Any]:
    """The right frames for the weights `t`."""
    with torch.no_grad():
        z_a, z_b = vae.encode(a), vae.encode(b)
        return [vae.decode((1 - w) * z_a + w * z_b).reshape(16, 16) for w in t]


@mistake("1.3", "the ends are swapped", LINE)
def interpolate_reversed(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """At t = 0, which of the two images do you see, and which is asked for first?"""
    return _line(vae, pattern_a, pattern_b, torch.linspace(1, 0, num_steps))


@mistake("1.3", "the last point is never reached", LINE)
def interpolate_short(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """What is your weight t in the last frame? How many gaps are there between num_steps points?"""
    return _line(vae, pattern_a, pattern_b, torch.arange(num_steps) / num_steps)


@mistake("1.3", "one frame too many", LINE)
def interpolate_one_more(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Count your frames for num_steps=2. Which two do you want to see?"""
    return _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps + 1))


@mistake("1.3", "the ends are left out", LINE)
def interpolate_inner(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Does your first frame show decode(encode(pattern_a))? What is t there?"""
    return _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps + 2)[1:-1])


@mistake("1.3", "num_steps is ignored", LINE)
def interpolate_always_eight(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """What changes in your frames when num_steps does?"""
    return _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, 8))


@mistake("1.3", "images mixed instead of codes", LINE)
def interpolate_pixels(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """In your middle frame, do you see both images at once, as in a double exposure? What should be mixed, and which
    part of the model draws the picture of the mix?
    """
    with torch.no_grad():
        a, b = (vae.decode(vae.encode(p)).reshape(16, 16) for p in (pattern_a, pattern_b))
        return [(1 - t) * a + t * b for t in torch.linspace(0, 1, num_steps)]


@mistake("1.3", "the given images mixed", LINE)
def interpolate_inputs(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Which part of the model did your frames pass through? Does a mix of two given images need a model at all?"""
    return [((1 - t) * pattern_a + t * pattern_b).reshape(16, 16) for t in torch.linspace(0, 1, num_steps)]


@mistake("1.3", "images mixed before encoding", LINE)
def interpolate_before_encoding(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """How often do you call encode? Is the code of a mixed image the mix of the codes?"""
    with torch.no_grad():
        mixes = [(1 - t) * pattern_a + t * pattern_b for t in torch.linspace(0, 1, num_steps)]
        return [vae.decode(vae.encode(mix)).reshape(16, 16) for mix in mixes]


@mistake("1.3", "the gradient is kept", LINE)
def interpolate_with_gradient(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Do pictures need a gradient? Which context manager keeps torch from recording it?"""
    z_a, z_b = vae.encode(pattern_a), vae.encode(pattern_b)
    return [vae.decode((1 - t) * z_a + t * z_b).reshape(16, 16) for t in torch.linspace(0, 1, num_steps)]


@mistake("1.3", "the gradient is switched off for good", LINE)
def interpolate_grad_mode(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Train the model after calling your function: does anything learn? Where is the gradient switched on again?"""
    torch.set_grad_enabled(False)
    return _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps))


@mistake("1.3", "the model is left in eval mode", LINE)
def interpolate_eval_mode(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """In which mode was the model before your function, and in which is it afterwards?"""
    vae.eval()
    return _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps))


@mistake("1.3", "frames are rows of pixels", LINE)
def interpolate_flat(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """What is the shape of one of your frames, and what is the shape of a picture of 16 by 16 pixels?"""
    return [f.reshape(256) for f in _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps))]


@mistake("1.3", "frames keep the batch dimension", LINE)
def interpolate_batched(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """decode gives a batch of images, even for one. How many dimensions has a single picture?"""
    return [f.reshape(1, 16, 16) for f in _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps))]


@mistake("1.3", "frames are transposed", LINE)
def interpolate_transposed(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Pixels come row by row. Do your horizontal lines stand upright?"""
    return [f.T for f in _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps))]


@mistake("1.3", "a + t b", LINE)
def interpolate_sum(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Where are you at t = 1: at the code of the second image, or at the sum of both?"""
    with torch.no_grad():
        z_a, z_b = vae.encode(pattern_a), vae.encode(pattern_b)
        return [vae.decode(z_a + t * z_b).reshape(16, 16) for t in torch.linspace(0, 1, num_steps)]


@mistake("1.3", "whole-number weights", LINE)
def interpolate_integers(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Print your weights t. Which values between 0 and 1 can whole-number division give?"""
    return _line(vae, pattern_a, pattern_b, torch.tensor([float(i // (num_steps - 1)) for i in range(num_steps)]))


@mistake("1.3", "a curve instead of equal steps", LINE)
def interpolate_smooth(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Your frames lie on the line. Is the code of your second frame as far from the first as from the third?"""
    t = torch.linspace(0, 1, num_steps)
    return _line(vae, pattern_a, pattern_b, 3 * t**2 - 2 * t**3)


@mistake("1.3", "a float step", LINE)
def interpolate_float_step(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """For some num_steps you have a frame too many. What does rounding do to a step of 1 / 6, added up six times? Which
    function asks for the number of points instead of the step?
    """
    step = 1 / (num_steps - 1)
    return _line(vae, pattern_a, pattern_b, torch.arange(0, 1 + step, step))


@mistake("1.3", "given images at the ends", LINE)
def interpolate_original_ends(vae: Any, pattern_a: Any, pattern_b: Any, num_steps: int = 8) -> Any:
    """Are the first and last frame drawn by the decoder like all others? What would you not notice about the model?"""
    inner = _line(vae, pattern_a, pattern_b, torch.linspace(0, 1, num_steps))[1:-1]
    return [pattern_a.reshape(16, 16), *inner, pattern_b.reshape(16, 16)]


# 1.4 the walk


def _round_trip(vae: Any, patterns: Any, steps: int = 6) -> list[Any]:
    legs = zip(patterns, [*patterns[1:], patterns[0]], strict=True)
    return [f for a, b in legs for f in _line(vae, a, b, torch.linspace(0, 1, steps))]


def _bytes(frames: list[Any]) -> list[Any]:
    return [np.uint8(np.round(255 * np.asarray(frame))) for frame in frames]


def _save(path: Any, frames: list[Any], fps: float) -> None:
    iio.imwrite(path, np.stack(frames), extension=".gif", duration=1000 / fps, loop=0)


@mistake("1.4", "the walk does not return", WALK)
def walk_open(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """Your animation repeats: what happens between its last frame and its first? How many legs has a round trip
    through four places?
    """
    pairs = pairwise(patterns)
    frames = _bytes([f for a, b in pairs for f in _line(vae, a, b, torch.linspace(0, 1, 6))])
    _save(path, frames, fps)
    return frames


@mistake("1.4", "the last pattern is left out", WALK)
def walk_skips_last(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """How many patterns were you given, and how many do you see? How far does your loop run?"""
    frames = _bytes(_round_trip(vae, patterns[:-1]))
    _save(path, frames, fps)
    return frames


@mistake("1.4", "frames from 0 to 1", WALK)
def walk_floats(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """An image file counts brightness in whole numbers. From which to which, and with which dtype?"""
    frames = _round_trip(vae, patterns)
    _save(path, _bytes(frames), fps)
    return [np.asarray(frame) for frame in frames]


@mistake("1.4", "frames from 0 to 255, but not uint8", WALK)
def walk_large_floats(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """Your numbers have the right size. What is their dtype, and which dtype holds exactly the whole numbers from 0 to
    255?
    """
    frames = _round_trip(vae, patterns)
    _save(path, _bytes(frames), fps)
    return [255 * np.asarray(frame) for frame in frames]


@mistake("1.4", "cut to whole numbers without scaling", WALK)
def walk_unscaled(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """How many grey values are left between 0 and 1 when you keep whole numbers only? What has to come first?"""
    frames = [np.uint8(np.asarray(frame)) for frame in _round_trip(vae, patterns)]
    _save(path, frames, fps)
    return frames


@mistake("1.4", "only the file is not scaled", WALK)
def walk_unscaled_file(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """The frames that you return are right. What do you give to the file: numbers up to 1, or up to 255?"""
    frames = _round_trip(vae, patterns)
    _save(path, [np.uint8(np.asarray(frame)) for frame in frames], fps)
    return _bytes(frames)


@mistake("1.4", "path is ignored", WALK)
def walk_own_path(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """Call your function with another path: where does the file appear?"""
    frames = _bytes(_round_trip(vae, patterns))
    _save("latent_walk.gif", frames, fps)
    return frames


@mistake("1.4", "no file is written", WALK)
def walk_without_file(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """Your frames are right. Which call puts them into the file that `path` names?"""
    return _bytes(_round_trip(vae, patterns))


@mistake("1.4", "frames a second where milliseconds a frame belong", WALK)
def walk_fps_for_duration(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """A file says how many milliseconds a frame lasts. How many is it at 10 frames a second, how many in yours?"""
    frames = _bytes(_round_trip(vae, patterns))
    _save(path, frames, 1000 / fps)
    return frames


@mistake("1.4", "frames that last no time", WALK)
def walk_seconds(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """How long does a frame of your file last? In which unit does imwrite count `duration`?"""
    frames = _bytes(_round_trip(vae, patterns))
    _save(path, frames, 1000 * fps)
    return frames


@mistake("1.4", "always 10 frames a second", WALK)
def walk_own_fps(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """Call your function with another `fps`: does the animation play at another speed?"""
    frames = _bytes(_round_trip(vae, patterns))
    _save(path, frames, 10)
    return frames


@mistake("1.4", "only the patterns themselves", WALK)
def walk_ends_only(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """What lies between two patterns, and how many frames show it?"""
    frames = _bytes(_round_trip(vae, patterns, steps=2))
    _save(path, frames, fps)
    return frames


@mistake("1.4", "a still picture is written", WALK)
def walk_still(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """How many frames does your file have? Is imwrite given one frame or all of them?"""
    frames = _bytes(_round_trip(vae, patterns))
    for frame in frames:
        iio.imwrite(path, frame, extension=".gif")
    return frames


@mistake("1.4", "a cross-fade of images", WALK)
def walk_cross_fade(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """Do your frames show two patterns at once? Which space is this walk named after?"""
    with torch.no_grad():
        drawn = [vae.decode(vae.encode(p)).reshape(16, 16) for p in patterns]
    legs = zip(drawn, [*drawn[1:], drawn[0]], strict=True)
    frames = _bytes([(1 - t) * a + t * b for a, b in legs for t in torch.linspace(0, 1, 6)])
    _save(path, frames, fps)
    return frames


@mistake("1.4", "the given images instead of decoded ones", WALK)
def walk_inputs(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """Which part of the model drew the frame of a pattern? What does the model itself make of that pattern?"""
    legs = zip(patterns, [*patterns[1:], patterns[0]], strict=True)
    frames = _bytes([((1 - t) * a + t * b).reshape(16, 16) for a, b in legs for t in torch.linspace(0, 1, 6)])
    _save(path, frames, fps)
    return frames


@mistake("1.4", "frames are rows of pixels", WALK)
def walk_flat(vae: Any, patterns: Any, fps: float = 10, path: Any = "latent_walk.gif") -> Any:
    """What is the shape of one of your frames, and what is the shape of a picture?"""
    frames = _bytes(_round_trip(vae, patterns))
    _save(path, frames, fps)
    return [frame.reshape(256) for frame in frames]
