"""Lesson 10, factors: how much each dimension of a code says about each true factor, and the gap between dimensions.

# starter: Four parts are yours to write; each raises NotImplementedError until you do.
# starter: Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
# starter: its environment active (`source .venv/bin/activate`):
# starter:
# starter:     python exercises/factors_starter.py
# starter:     pytest autograder -k factors
# starter:
# starter: `pytest autograder --hint 10.1` shows a hint for part 10.1, one more each time.

Letters used here, as in every lesson: N images of a data set, Z latent dimensions, F factors. All columns hold whole
numbers from 0 on (int64): which bin a code lies in, or which value a factor has. A number in between may be missing. A
function works for any sizes of at least 1, and leaves alone what it is given. Nats are natural logarithms.
"""

from __future__ import annotations

import sys

import torch
from torch import nn

from course import attempt, checkpoints
from course.patterns import lines64


def entropy(labels: torch.Tensor) -> float:
    """Exercise 10.1. Whole numbers (N,) -> the entropy of their frequencies, in nats.

    A value that stands for the share p of the images adds -p log p. Eight values that are equally frequent have ln 8;
    a single value for all images has 0.
    """
    # todo 10.1: the share of each value that occurs, and the sum of -p log p
    _, counts = torch.unique(labels, return_counts=True)
    share = counts.double() / len(labels)  # (values,)
    return float(torch.special.entr(share).sum())
    # done


def mutual_information(codes: torch.Tensor, factor: torch.Tensor) -> float:
    """Exercise 10.2. A code in bins and a true factor, both (N,) -> how much each says about the other, in nats.

    I = H(code) + H(factor) - H(code, factor). The last is the entropy of pairs: two images are alike if they agree in
    both numbers.
    """
    # todo 10.2: a number of its own for each pair of values, and three entropies
    pairs = codes * (factor.max() + 1) + factor  # (N,)
    return entropy(codes) + entropy(factor) - entropy(pairs)
    # done


def information_table(codes: torch.Tensor, factors: torch.Tensor) -> torch.Tensor:
    """Exercise 10.3. Codes in bins (N, Z) and factors (N, F) -> the information of each dimension with each, (Z, F)."""
    # todo 10.3: mutual_information of every dimension with every factor, as a tensor
    return torch.tensor([[mutual_information(code, factor) for factor in factors.T] for code in codes.T])
    # done


def mig(information: torch.Tensor, entropies: torch.Tensor) -> float:
    """Exercise 10.4. Information (Z, F) with each factor and its entropy (F,) -> the mutual information gap.

    For each factor, the largest information that a dimension has minus the second largest, divided by the factor's
    entropy; two dimensions that have the same have a gap of 0. Then the average over the factors that vary, those with
    an entropy above 0. Z is at least 2, and at least one factor varies.
    """
    # todo 10.4: the gap of each factor that varies, as a share of its entropy, averaged
    first, second = information.topk(2, dim=0).values  # (F,), (F,)
    varies = entropies > 0
    return float(((first - second)[varies] / entropies[varies]).mean())
    # done


# Given: nothing below this line needs a change.


def codes_of(x: torch.Tensor) -> torch.Tensor:
    """The codes mu (N, 8) of images (N, 256) by a VAE that was trained on `lines64`."""
    weights = checkpoints.starter_weights("lines64")
    for name in ("encoder_fc1", "encoder_fc2", "fc_mu"):
        x = nn.functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])
        x = x if name == "fc_mu" else torch.relu(x)
    return x


def cut(codes: torch.Tensor, bins: int) -> torch.Tensor:
    """Codes (N, Z) -> the bin of each, 0 to bins - 1. In each dimension all bins hold equally many images."""
    edges = codes.quantile(torch.linspace(0, 1, bins + 1)[1:-1], dim=0)  # (bins - 1, Z)
    return (codes[:, None] > edges).sum(dim=1)  # (N, Z)


def turned(codes: torch.Tensor, seed: int) -> torch.Tensor:
    """Codes (N, Z) along other axes, drawn at random: their distances stay as they are."""
    noise = torch.randn((codes.shape[1],) * 2, generator=torch.Generator().manual_seed(seed))
    turn: torch.Tensor = torch.linalg.qr(noise)[0]
    return codes @ turn


def gap(codes: torch.Tensor, factors: torch.Tensor, bins: int = 8) -> float:
    """The mutual information gap of codes (N, Z) that are no whole numbers yet."""
    entropies = torch.tensor([entropy(factor) for factor in factors.T])
    return mig(information_table(cut(codes, bins), factors), entropies)


def show(images: torch.Tensor, path: str) -> None:
    """Draws images (M, 256) side by side."""
    from course import figures

    figures.save_strip([image.reshape(16, 16).numpy() for image in images], path)


def main() -> None:
    """Asks of a trained VAE whether a dimension stands for a factor, with your functions."""
    patterns = lines64()
    x, factors = torch.from_numpy(patterns.images), torch.from_numpy(patterns.factors)  # (64, 256), (64, 3)
    codes = codes_of(x)
    for name, factor in zip(patterns.factor_names, factors.T, strict=True):
        nats = attempt.returned("10.1 entropy", entropy(factor), float)
        print(f"entropy             {nats:.2f} nats: {name}")
    bins = cut(codes, 8)
    position = factors[:, patterns.factor_names.index("position")]
    nats = attempt.returned("10.2 mutual_information", mutual_information(bins[:, 0], position), float)
    print(f"mutual_information  {nats:.2f} nats: dimension 0 with the position")
    table = attempt.returned("10.3 information_table", information_table(bins, factors), torch.Tensor)
    for name, nats_of in zip(patterns.factor_names, table.T, strict=True):
        print(f"information_table   {' '.join(f'{float(nats):.2f}' for nats in nats_of)} nats: {name}, by dimension")
    best = int(table[:, patterns.factor_names.index("position")].argmax())
    show(x[codes[:, best].argsort()[::8]], "my_factors.png")
    print(f"my_factors.png      eight images, in the order of dimension {best}, which says most about the position")
    found = attempt.returned("10.4 mig", gap(codes, factors), float)
    turns = [gap(turned(codes, seed), factors) for seed in range(20)]
    order = torch.randperm(len(codes), generator=torch.Generator().manual_seed(0))
    print(f"mig                 {found:.2f}: the trained model")
    print(f"mig                 {sum(turns) / len(turns):.2f}: its codes after a random turn, on average")
    print(f"mig                 {gap(codes[order], factors):.2f}: its codes, dealt to the wrong images")
    print(f"mig                 {gap(factors.float(), factors):.2f}: the factors themselves as codes")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "factors"))
