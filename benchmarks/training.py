"""How fast `fit` is, against the loop of torch's own VAE example, in one run: run `python benchmarks/training.py`.

Both train the same model on the same images with the same batch size, on one thread. The example's loop takes its
batches from a DataLoader, applies a sigmoid before the cross-entropy, and uses Adam as it comes. Rounds alternate, so
that what else the machine does meets both; times are given as medians, and the ratio with its spread over rounds.
"""

from __future__ import annotations

import statistics
import time

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

from course.models import VAE
from course.patterns import bars512
from course.training import Settings, fit

STEPS, BATCH, ROUNDS = 800, 64, 5


def example_loop(model: VAE, x: torch.Tensor) -> None:
    loader = DataLoader(TensorDataset(x), batch_size=BATCH, shuffle=True, drop_last=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    done = 0
    while done < STEPS:
        for (batch,) in loader:
            optimizer.zero_grad()
            x_hat, mu, log_var = model(batch)
            bce = functional.binary_cross_entropy(x_hat, batch, reduction="sum")
            kld = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp())
            torch.autograd.backward(bce + kld)
            optimizer.step()
            done += 1


def seconds(work: object, *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)  # type: ignore[operator]
    return time.perf_counter() - start


def main() -> None:
    torch.set_num_threads(1)
    x = torch.from_numpy(bars512().images)
    settings = Settings(steps=STEPS, batch_size=BATCH)
    seconds(fit, VAE(), x, Settings(steps=20))  # what torch imports with the first optimizer is not the loop's
    ours, theirs = [], []
    for _ in tqdm(range(ROUNDS), disable=None, leave=False):
        ours.append(seconds(lambda: fit(VAE(), x, settings, progress=False)) / STEPS)
        theirs.append(seconds(example_loop, VAE(), x) / STEPS)
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    print(f"fit           {1e6 * statistics.median(ours):6.0f} microseconds a step")
    print(f"example loop  {1e6 * statistics.median(theirs):6.0f} microseconds a step")
    spread = f"from {min(ratios):.2f} to {max(ratios):.2f} in {ROUNDS} rounds"
    print(f"ratio         {statistics.median(ratios):6.2f}, {spread}")


if __name__ == "__main__":
    main()
