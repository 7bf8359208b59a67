"""How fast `fit` is, against the loop of torch's own VAE example, in one run.

    python benchmarks/training.py                  the patterns, a step
    python benchmarks/training.py --data fashion   Fashion-MNIST, an epoch of 60 000 images

Both train the same model on the same images with the same batch size. The example's loop takes its batches from a
DataLoader, applies a sigmoid before the cross-entropy, and uses Adam as it comes; it runs on one thread and on two.
Rounds alternate, so that what else the machine does meets all; times are medians, ratios have their spread over rounds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import click
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

from course import datasets
from course.models import VAE
from course.training import Settings, fit

BATCH = 64


def example_loop(model: VAE, x: Tensor, steps: int) -> None:
    loader = DataLoader(TensorDataset(x), batch_size=BATCH, shuffle=True, drop_last=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    done = 0
    while done < steps:
        for (batch,) in loader:
            if done == steps:
                break
            optimizer.zero_grad()
            x_hat, mu, log_var = model(batch)
            bce = functional.binary_cross_entropy(x_hat, batch, reduction="sum")
            kld = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp())
            torch.autograd.backward(bce + kld)
            optimizer.step()
            done += 1


def seconds(work: Callable[[], object], threads: int) -> float:
    torch.set_num_threads(threads)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@click.command()
@click.option("--data", type=click.Choice(datasets.NAMES), default="bars512", show_default=True)
@click.option("--steps", type=int, help="Of one round.  [800; fashion: an epoch, 937]")
@click.option("--rounds", default=5, show_default=True)
def main(data: str, steps: int | None, rounds: int) -> None:
    """Time `fit` against the example's loop."""
    x = torch.from_numpy(datasets.images_of(data).images)
    steps = steps or (len(x) // BATCH if data == "fashion" else 800)
    settings, size = Settings(steps=steps, batch_size=BATCH), datasets.default_size(data)
    fit(VAE(**size), x, Settings(steps=20))  # what torch imports with the first optimizer is not the loop's
    ways: dict[str, Callable[[], float]] = {
        "fit, one thread": lambda: seconds(lambda: fit(VAE(**size), x, settings, progress=False), 1),
        "example, one thread": lambda: seconds(lambda: example_loop(VAE(**size), x, steps), 1),
        "example, two threads": lambda: seconds(lambda: example_loop(VAE(**size), x, steps), 2),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in tqdm(range(rounds), disable=None, leave=False):
        for name, way in ways.items():
            taken[name].append(way())
    ours = taken["fit, one thread"]
    print(f"{data}: {steps} steps of {BATCH} images, {rounds} rounds")
    for name, times in taken.items():
        ratios = [theirs / mine for theirs, mine in zip(times, ours, strict=True)]
        spread = f"{statistics.median(ratios):5.2f} times fit's, from {min(ratios):.2f} to {max(ratios):.2f}"
        middle = statistics.median(times)
        print(f"{name:20} {middle:7.2f} s, {1e6 * middle / steps:6.0f} us a step; {spread}")


if __name__ == "__main__":
    main()
