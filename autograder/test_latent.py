"""Lesson 1, latent spaces: the checks of `exercises/latent_starter.py`.

These are ordinary pytest tests. `student` and `reference` answer calls, each in a process of its own; `rng` is the
source of this session's random inputs. To add a check, write a function like those below and say with `@part` which
part it belongs to; a plain `assert` will do, `Wrong(expected, got)` says more. All that a check needs of the engine
comes from `autograder.engine.judging`.
"""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from autograder.engine.judging import (
    Answer,
    Array,
    Call,
    Leaf,
    Many,
    Oracle,
    Path,
    Student,
    agree,
    agree_on_gradients,
    animation,
    gradient_free,
    part,
    probes,
    rows,
    walk,
)

ENCODER = ("encoder_fc1", "encoder_fc2", "fc_mu")
DECODER = ("decoder_fc1", "decoder_fc2", "decoder_out")


@part("1.1")
def test_encode(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """mu of shape (B, Z) for any B, D and Z, and nothing else is touched."""
    calls = probes.through_layers(rng, "SimpleVAE.encode", ENCODER, also=["fc_log_var"])
    agree(student, reference, calls, "mu", "(B, Z)")


@part("1.1")
def test_encode_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Training needs them: gradients flow from mu to the images."""
    calls = probes.through_layers(rng, "SimpleVAE.encode", ENCODER, also=["fc_log_var"])
    agree_on_gradients(student, reference, calls, rng, "mu")


@part("1.2")
def test_decode(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Images of shape (B, D) in [0, 1]."""
    calls = probes.through_layers(rng, "SimpleVAE.decode", DECODER)
    agree(student, reference, calls, "images", "(B, D)")


@part("1.2")
def test_decode_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow from the images to the latent vectors."""
    calls = probes.through_layers(rng, "SimpleVAE.decode", DECODER)
    agree_on_gradients(student, reference, calls, rng, "the images")


def interpolations(rng: np.random.Generator) -> list[Call]:
    """Two images and a model of the grader's own, in several numbers of steps; without a number there are 8."""
    names = ("vae", "pattern_a", "pattern_b")
    calls = []
    for number, steps in enumerate((None, 5, 7, 2, 50, 3)):
        a, b = probes.images(rng, 1, 256), probes.images(rng, 1, 256)
        extra = {} if steps is None else {"num_steps": steps}
        args = [probes.codec(rng, training=number % 2 == 0), a, b]
        calls.append(Call("interpolate", args, extra, probe=f"steps {number}", names=names, seed=number))
    return calls


@part("1.3")
def test_interpolate(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """`num_steps` frames, decoded from equal steps on the line between the two codes."""
    agree(student, reference, interpolations(rng), "frames", "(16, 16)", form=rows)


@part("1.3")
def test_frames_carry_no_gradient(student: Student, rng: np.random.Generator) -> None:
    """A picture needs no gradient."""
    gradient_free(student, interpolations(rng), "frames")


def walks(rng: np.random.Generator) -> list[Call]:
    """Three and four patterns, and a file name that is not the default one."""
    names = ("vae", "patterns")
    calls = []
    for count, name in ((4, "walk.gif"), (3, "round_trip.gif")):
        patterns = [probes.images(rng, 1, 256) for _ in range(count)]
        args = [probes.codec(rng, training=count == 4), patterns]
        named = {"fps": 12.5 * (5 - count), "path": Path(name)}
        calls.append(Call("create_latent_walk_animation", args, named, probe=name, names=names, seed=count))
    return calls


def decoded(reference: Oracle, call: Call) -> Array:
    """decode(encode(pattern)) of each pattern of a walk (P, 16, 16), from the ends of interpolations."""
    model, patterns = call.args
    images = []
    for pattern in patterns:
        answer = reference(Call("interpolate", [model, pattern, pattern], {"num_steps": 2})).exact.result
        assert isinstance(answer, Many)
        assert isinstance(answer.items[0], Leaf)
        images.append(answer.items[0].array)
    return np.stack(images)


@part("1.4")
def test_walk(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Every pattern is shown in its order, the first again at the end, with decoded frames on the way; a file shows it.

    Any way through latent space does, and so do frames that are shown twice at a joint, or longer than others.
    """
    calls = walks(rng)
    patterns = cache(partial(decoded, reference))

    def look(call: Call, answer: Answer) -> list[str]:
        model, given = call.args[0], np.concatenate(call.args[1]).reshape(-1, 16, 16)
        seen = walk.look_at_frames(answer, given, patterns(call), model)
        fps, name = call.kwargs["fps"], call.kwargs["path"].name
        return [*seen, *animation.look_at_file(answer, name, fps, walk.small_frames(answer.result)), *answer.changes]

    for call, answer in zip(calls, student(calls, look), strict=True):
        look(call, answer)
        student.unchanged(call, answer)
