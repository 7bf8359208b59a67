"""Lesson 9, maps: which neighbours a map keeps, and what t-SNE compares.

# starter: Three parts are yours to write; each raises NotImplementedError until you do.
# starter: Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
# starter: its environment active (`source .venv/bin/activate`):
# starter:
# starter:     python exercises/maps_starter.py
# starter:     pytest autograder -k maps
# starter:
# starter: `pytest autograder --hint 9.1` shows a hint for part 9.1, one more each time.

Letters used here, as in every lesson: N images, their codes (N, Z), and a map of them, points (N, 2). A function works
for any sizes, from N = 2 on, and leaves alone what it is given.
"""

from __future__ import annotations

import sys
import time

import torch
from torch import nn

from course import attempt, checkpoints
from course.patterns import lines64


def nearest_neighbours(points: torch.Tensor, k: int) -> torch.Tensor:
    """Exercise 9.1. Points (N, K) and k, from 1 to N - 1 -> the row numbers of the k nearest others of each, (N, k).

    Near means a small Euclidean distance. The numbers are integers, in any order within a row. A point is not its own
    neighbour. No two points lie at the same place, and no two distances are the same.
    """
    # todo 9.1: all distances but those of a point from itself, and the k smallest
    squares = (points[:, None] - points[None]).square().sum(dim=2)  # (N, N)
    return squares.fill_diagonal_(torch.inf).topk(k, largest=False).indices
    # done


def neighbours_kept(codes: torch.Tensor, points: torch.Tensor, k: int) -> float:
    """Exercise 9.2. Codes (N, Z), their map (N, 2), and k -> the share of neighbours that the map keeps, from 0 to 1.

    Of the k nearest codes of an image, the share that is also among its k nearest on the map; averaged over images.
    Each image has N - 1 others, so a map that has nothing to do with the codes keeps k / (N - 1) by chance.
    """
    # todo 9.2: the neighbours in the space and on the map, and how many are the same
    near_codes, near_points = nearest_neighbours(codes, k), nearest_neighbours(points, k)  # (N, k), (N, k)
    return float((near_codes[:, :, None] == near_points[:, None]).any(dim=2).double().mean())
    # done


def student_similarities(points: torch.Tensor) -> torch.Tensor:
    """Exercise 9.3. A map (N, 2) -> the probability q_ij of each pair of its points, as t-SNE defines it, (N, N).

    The Student kernel of a pair is 1 / (1 + |y_i - y_j|^2), and 0 for a point with itself. Divided by the sum over all
    pairs, all numbers of the table together add up to 1.
    """
    # todo 9.3: the Student kernel of each pair, a diagonal of zeros, and a division
    squares = (points[:, None] - points[None]).square().sum(dim=2)  # (N, N)
    kernel = (1 / (1 + squares)).fill_diagonal_(0)
    return kernel / kernel.sum()
    # done


# Given: nothing below this line needs a change.

NEIGHBOURS = 5
PERPLEXITY = 10.0
SECONDS = 20.0


def trained_codes(x: torch.Tensor) -> torch.Tensor:
    """The codes (N, 8) that a VAE, trained on `lines64`, gives to images (N, 256)."""
    weights = checkpoints.starter_weights("lines64")
    h = x
    for name in ("encoder_fc1", "encoder_fc2", "fc_mu"):
        h = nn.functional.linear(h, weights[f"{name}.weight"], weights[f"{name}.bias"])
        h = h if name == "fc_mu" else torch.relu(h)
    return h


def two_strongest(codes: torch.Tensor) -> torch.Tensor:
    """The two of the dimensions of codes (N, Z) that vary most, (N, 2)."""
    return codes[:, codes.var(dim=0).topk(2).indices]


def pca(codes: torch.Tensor) -> torch.Tensor:
    """Codes (N, Z) along the two directions in which they vary most, (N, 2)."""
    centred = codes - codes.mean(dim=0)
    directions: torch.Tensor = torch.linalg.svd(centred, full_matrices=False).Vh[:2]
    return centred @ directions.T


def code_similarities(codes: torch.Tensor) -> torch.Tensor:
    """The probability p_ij of each pair of codes (N, Z), (N, N), with Gaussians of one perplexity."""
    squares = torch.cdist(codes, codes).square().fill_diagonal_(torch.inf)  # (N, N)
    low, high = torch.full((len(codes), 1), -20.0), torch.full((len(codes), 1), 20.0)  # of log 1 / (2 sigma^2)
    for _ in range(40):
        middle = (low + high) / 2
        p = torch.softmax(-middle.exp() * squares, dim=1)
        wide = torch.special.entr(p).sum(dim=1, keepdim=True).exp() > PERPLEXITY
        low, high = torch.where(wide, middle, low), torch.where(wide, high, middle)
    return (p + p.T) / (2 * len(codes))


def divergence(p: torch.Tensor, points: torch.Tensor) -> float:
    """KL(P || Q) of a map (N, 2), with your q."""
    q = attempt.returned("9.3 student_similarities", student_similarities(points), torch.Tensor)
    return float((torch.xlogy(p, p) - torch.xlogy(p, q.clamp_min(1e-12))).sum())


def tsne(p: torch.Tensor, start: torch.Tensor) -> torch.Tensor:
    """A map (N, 2) with a small KL, without a gradient: each point tries a random step, and keeps it if the KL falls.

    Steps get shorter from round to round. A slow `student_similarities` gets fewer rounds.
    """
    points, generator, end = 3 * start, torch.Generator().manual_seed(0), time.monotonic() + SECONDS
    least = divergence(p, points)
    for length in torch.linspace(1.5, 0.05, 100):
        for i in range(len(points)):
            moved = points.clone()
            moved[i] += length * torch.randn(2, generator=generator)
            if (found := divergence(p, moved)) < least:
                points, least = moved, found
        if time.monotonic() > end:
            break
    return points


def main() -> None:
    """Draws three maps of the codes of a trained VAE and says which neighbours each keeps."""
    from course import figures

    patterns = lines64()
    codes, labels = trained_codes(torch.from_numpy(patterns.images)), torch.from_numpy(patterns.labels)
    near = attempt.returned("9.1 nearest_neighbours", nearest_neighbours(codes, NEIGHBOURS), torch.Tensor)
    share = float((labels[near] == labels[:, None]).double().mean())
    print(f"nearest_neighbours    {share:.0%} of the {NEIGHBOURS} nearest codes have the same type, 24% by chance")
    maps = {"two strongest dimensions": two_strongest(codes), "PCA": pca(codes)}
    chance = NEIGHBOURS / (len(codes) - 1)
    for name, points in maps.items():
        kept = attempt.returned("9.2 neighbours_kept", neighbours_kept(codes, points, NEIGHBOURS), float, torch.Tensor)
        print(f"neighbours_kept       {float(kept):.0%} kept, {chance:.0%} by chance: {name}")
    figures.save_maps({name: points.numpy() for name, points in maps.items()}, patterns.labels, "my_maps.png")
    print("my_maps.png           both maps")
    p = code_similarities(codes)
    before = divergence(p, 3 * maps["PCA"])
    maps["t-SNE, with your q"] = made = tsne(p, maps["PCA"])
    print(f"student_similarities  KL from {before:.2f} to {divergence(p, made):.2f} nats, by moving the points")
    kept = float(neighbours_kept(codes, made, NEIGHBOURS))
    print(f"neighbours_kept       {kept:.0%} kept, {chance:.0%} by chance: t-SNE")
    figures.save_maps({name: points.numpy() for name, points in maps.items()}, patterns.labels, "my_maps.png")
    print("my_maps.png           three maps")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "maps"))
