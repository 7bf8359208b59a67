"""Training: minibatches of images in, fitted parameters and a History out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from tqdm import tqdm

from course import memory
from course.errors import CourseError
from course.objectives import Terms, anneal_beta

_REPORT_EVERY = 100

__all__ = ["Diverged", "History", "Settings", "Trainable", "check_images", "check_labels", "fit", "one_thread"]

TRAINING_VERSION = 1  # raise it when a change of `fit` or of objectives.py alters training: see identity.py


class Diverged(CourseError, FloatingPointError):
    """A loss that is no longer finite."""


class Trainable(Protocol):
    """What `fit` asks of a model, beside being a torch module: every model of the course has it."""

    input_dim: int
    needs_labels: ClassVar[bool]

    def loss(self, x: Tensor, labels: Tensor | None, beta: float, generator: Generator | None) -> Terms: ...


@dataclass(frozen=True)
class Settings:
    """How to train; the defaults are the reference run on `lines64`.

    The budget is counted in steps, of `batch_size` images each. `learning_rate` is the peak of a one-cycle schedule
    (Smith & Topin 2019). The weight of the KL goes from `beta_start` to `beta` over the first `anneal` of the steps, a
    share from 0 to 1.
    """

    steps: int = 4000
    batch_size: int = 64
    learning_rate: float = 1e-2
    beta: float = 1.0
    beta_start: float = 4.0
    anneal: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "learning_rate"):
            if not getattr(self, name) > 0:
                raise CourseError(f"{name} must be greater than 0, got {getattr(self, name)}")
        for name in ("beta", "beta_start"):
            if not getattr(self, name) >= 0:
                raise CourseError(f"{name} must be 0 or more, got {getattr(self, name)}")
        if not 0 <= self.seed < 2**63:
            raise CourseError(f"seed must be from 0 to 2**63 - 1, got {self.seed}")
        if not 0 <= self.anneal <= 1:
            raise CourseError(f"anneal must be a share of the steps, from 0 to 1, got {self.anneal}")


@dataclass
class History:
    """What training saw, in nats per image: a row for each step with a column for each of `names`; means by epoch.

    `interrupted` says that Ctrl-C ended it early; the model keeps what it had learned by then.
    """

    batches_per_epoch: int
    steps: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    interrupted: bool = False
    names: tuple[str, ...] = ("total", "reconstruction", "kl")

    @property
    def epochs(self) -> NDArray[np.float32]:
        """Means (E, terms) over the steps of each epoch; the last may be cut short."""
        starts = np.arange(0, len(self.steps), self.batches_per_epoch)
        means = [self.steps[s : s + self.batches_per_epoch].mean(axis=0) for s in starts]
        return np.array(means, np.float32).reshape(-1, len(self.names))


def check_images(images: NDArray[np.floating] | Tensor, input_dim: int) -> Tensor:
    """Returns images as a float32 tensor (N, input_dim), or says what is wrong with them.

    Raises TypeError where they are not real floating-point numbers, ValueError where their shape is another, there is
    none, one is NaN or infinite, or a pixel lies outside [0, 1].
    """
    x = torch.as_tensor(images)
    if not x.dtype.is_floating_point:
        raise TypeError(f"images must be floating-point numbers in [0, 1], got {x.dtype}; divide 8-bit images by 255")
    if x.ndim != 2 or x.shape[1] != input_dim:
        raise CourseError(f"images must have shape (N, {input_dim}), one image a row, got {tuple(x.shape)}")
    if len(x) == 0:
        raise CourseError("images must hold at least one image, got none")
    bad = ~torch.isfinite(x).all(dim=1)
    if bad.any():
        raise CourseError(
            f"images must be finite, but {int(bad.sum())} hold NaN or infinity; first: {int(bad.int().argmax())}"
        )
    if x.min() < 0 or x.max() > 1:
        raise CourseError(
            f"images must lie in [0, 1], got values from {x.min():.4g} to {x.max():.4g}; rescale them first"
        )
    return x.to(torch.float32)


def check_labels(labels: NDArray[np.integer] | Tensor | None, count: int) -> Tensor:
    """Returns labels as an int64 tensor (count,), or says what is wrong with them: TypeError or ValueError."""
    if labels is None:
        raise CourseError("this model learns from labels too: expected one for each image, got none")
    y = torch.as_tensor(labels)
    if y.dtype.is_floating_point or y.dtype.is_complex or y.dtype == torch.bool:
        raise TypeError(f"labels must be whole numbers, an index of a class each, got {y.dtype}")
    if y.shape != (count,):
        raise CourseError(f"labels must be ({count},), one for each image, got {tuple(y.shape)}")
    return y.to(torch.int64)


def fit(
    model: Trainable,
    images: NDArray[np.floating] | Tensor,
    settings: Settings | None = None,
    *,
    labels: NDArray[np.integer] | Tensor | None = None,
    progress: bool | None = None,
    after_step: Callable[[int], None] | None = None,
) -> History:
    """Trains `model` in place on images (N, D), with labels (N,) if it needs them, and returns the History.

    The order of the images and the noise come from a generator seeded with `settings.seed`, so the same seed, machine
    and number of threads give bit-equal weights. `progress` shows a bar: by default on a terminal, never in a pipe.
    `after_step` is called with the number of steps done, to look at the model on its way. Ctrl-C ends training early
    and keeps what was learned; a loss that is no longer finite raises Diverged.
    """
    settings = settings or Settings()
    x = check_images(images, model.input_dim)
    y = check_labels(labels, len(x)) if model.needs_labels else None
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    generator = Generator().manual_seed(settings.seed)
    batch_size = min(settings.batch_size, len(x))
    anneal_steps = round(settings.anneal * settings.steps)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps + 1, pct_start=0.1, cycle_momentum=False
    )
    names, losses, done = History(1).names, torch.zeros((0, 3)), 0
    interrupted, was_training = False, model.training
    bar = tqdm(total=settings.steps, unit="step", disable=None if progress is None else not progress, leave=False)
    try:
        model.train()
        for step, rows in enumerate(_batches(len(x), batch_size, settings.steps, generator)):
            beta = anneal_beta(step, anneal_steps, settings.beta, settings.beta_start)
            loss = model.loss(x[rows], None if y is None else y[rows], beta, generator)
            optimizer.zero_grad()
            loss.total.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            terms = loss._asdict()
            if step == 0:
                names, losses = tuple(terms), _room_for_losses(settings.steps, len(terms))
            losses[step] = torch.stack(list(terms.values())).detach()
            done = step + 1
            if done % _REPORT_EVERY == 0 or done == settings.steps:
                _check_finite(losses[step], step)
                bar.update(done - bar.n)
                bar.set_postfix_str(" + ".join(f"{value:.2f}" for value in losses[step, 1:]) + " nats")
            if after_step:
                after_step(done)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        model.train(was_training)
        bar.close()
    return History(len(x) // batch_size, losses[:done].numpy().copy(), interrupted, names)


@contextmanager
def one_thread() -> Iterator[None]:
    """Trains the same on every number of cores, and small models faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _batches(count: int, batch_size: int, steps: int, generator: Generator) -> Iterator[Tensor]:
    """Rows of each batch, epoch after epoch in a new order; what does not fill one is left to the next epoch."""
    done = 0
    while done < steps:
        order = torch.randperm(count, generator=generator)
        for rows in torch.split(order, batch_size)[: min(count // batch_size, steps - done)]:
            yield rows
            done += 1


def _room_for_losses(steps: int, terms: int) -> Tensor:
    """Zeros (steps, terms): a list with a tensor for each step would take a thousand times more."""
    memory.check(steps * terms * 4, f"the losses of {steps} steps", "Train for fewer steps")
    return torch.zeros((steps, terms))


def _check_finite(loss: Tensor, step: int) -> None:
    if not torch.isfinite(loss).all():
        raise Diverged(f"the loss is {loss[0]:.4g} at step {step}; a smaller learning rate may help")
