"""What checks are written with: a check file imports all that it needs of the engine from here."""

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.student import Student
from autograder.engine.calls import Answer, Call, Generator, Leaf, Many, Model, Odd, Optimizer, Path, Round, Value
from autograder.engine.judging import animation, cosine_rounding, probes, recording_decoder, slerp, small_vae, walk
from autograder.engine.judging.checks import if_written, part
from autograder.engine.judging.compare_with_reference import (
    agree,
    agree_on_each,
    agree_on_gradients,
    agree_within,
    as_number,
    gradient_free,
    gradients_within,
    must_be_close,
    shows_gradient,
)
from autograder.engine.judging.comparison import EPSILON, close, compare, describe, rows
from autograder.engine.judging.draws import Kind, draws_rightly, in_rounds
from autograder.engine.judging.moments import Noise, Seen, must_be_independent, must_be_standard_normal, see
from autograder.engine.verdicts import Wrong
from autograder.engine.wire import Array

__all__ = [
    "EPSILON",
    "Answer",
    "Array",
    "Call",
    "Generator",
    "Kind",
    "Leaf",
    "Many",
    "Model",
    "Noise",
    "Odd",
    "Optimizer",
    "Oracle",
    "Path",
    "Round",
    "Seen",
    "Student",
    "Value",
    "Wrong",
    "agree",
    "agree_on_each",
    "agree_on_gradients",
    "agree_within",
    "animation",
    "as_number",
    "close",
    "compare",
    "cosine_rounding",
    "describe",
    "draws_rightly",
    "gradient_free",
    "gradients_within",
    "if_written",
    "in_rounds",
    "must_be_close",
    "must_be_independent",
    "must_be_standard_normal",
    "part",
    "probes",
    "recording_decoder",
    "rows",
    "see",
    "shows_gradient",
    "slerp",
    "small_vae",
    "walk",
]
