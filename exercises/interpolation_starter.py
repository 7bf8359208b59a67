"""Lesson 6, interpolation: straight lines, great circles, walks, arithmetic, traversals.

Five parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/interpolation_starter.py
    pytest autograder -k interpolation

`pytest autograder --hint 6.1` shows a hint for part 6.1, one more each time.

Letters used here, as in every lesson: B latent vectors of Z dimensions each, values in float32. Everything in this
file happens between vectors, before any decoder sees them, so that it works for the codes of every model and for any
Z of at least 1. A function leaves alone what it is given: its inputs, gradient mode, the random state.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import torch
from torch import nn

from course import attempt, checkpoints
from course.patterns import TYPES, lines64

INPUT_DIM = 256
HIDDEN_DIM = 128
LATENT_DIM = 8
NO_ANGLE = 0.035  # the sine of 2 degrees, and of 178: parallel or opposite


def lerp(z_a: torch.Tensor, z_b: torch.Tensor, num_steps: int) -> torch.Tensor:
    """Exercise 6.1. Two latent vectors (Z,) -> (num_steps, Z), equal steps on the straight line between them.

    The first point is z_a, the last is z_b; num_steps is at least 2. It returns one tensor.
    """
    # TODO 6.1: a weight from 0 to 1 for each point, and the mix that it stands for
    raise NotImplementedError("Exercise 6.1: a weight from 0 to 1 for each point, and the mix that it stands for")


def slerp(z_a: torch.Tensor, z_b: torch.Tensor, num_steps: int) -> torch.Tensor:
    """Exercise 6.2. Two latent vectors (Z,) -> (num_steps, Z), an equal angle a step along the great circle.

    With w the angle between the two directions, a point is sin((1 - t) w) / sin w times z_a plus sin(t w) / sin w
    times z_b, for equal steps of t. (Equal angles with the length going linearly from |z_a| to |z_b| are right as
    well.) The ends are z_a and z_b, whatever their lengths; vectors of one length keep it all the way.

    No number is ever NaN. Where the angle is below about 2 degrees, or a vector is zero, the straight line does; for
    opposite vectors, which no single great circle joins, any finite way with the right ends does.
    """
    # TODO 6.2: the angle, the weights, and the cases in which they break down
    raise NotImplementedError("Exercise 6.2: the angle, the weights, and the cases in which they break down")


def latent_walk(waypoints: torch.Tensor, steps_per_leg: int, closed: bool = True) -> torch.Tensor:
    """Exercise 6.3. Waypoints (W, Z), W >= 2 -> a walk (legs * steps_per_leg + 1, Z) through all of them.

    Each leg is straight and has steps_per_leg equal steps. A closed walk has W legs and ends where it began; an open
    one has W - 1. Each waypoint is there once, but for the first of a closed walk, which stands again at its end.
    """
    # TODO 6.3: one leg after another, no joint twice, and the last stop at the end
    raise NotImplementedError("Exercise 6.3: one leg after another, no joint twice, and the last stop at the end")


def attribute_direction(z_with: torch.Tensor, z_without: torch.Tensor) -> torch.Tensor:
    """Exercise 6.4, first half. Codes (M, Z) with an attribute and (N, Z) without -> its direction (Z,).

    The difference of the two means, pointing from "without" to "with". M and N need not be equal.
    """
    # TODO 6.4: from the average without the attribute to the average with it
    raise NotImplementedError("Exercise 6.4: from the average without the attribute to the average with it")


def apply_direction(z: torch.Tensor, direction: torch.Tensor, strength: float = 1.0) -> torch.Tensor:
    """Exercise 6.4, second half. Codes (B, Z) and a direction (Z,) -> codes (B, Z), each moved along it.

    A strength of 1 moves by the whole direction, 0 not at all, a negative one takes the attribute away.
    """
    # TODO 6.4: every code, moved by strength times the direction
    raise NotImplementedError("Exercise 6.4: every code, moved by strength times the direction")


def traverse(z: torch.Tensor, dim: int, values: Sequence[float] | torch.Tensor) -> torch.Tensor:
    """Exercise 6.5. One code (Z,), a dimension counted from 0, values -> (len(values), Z): what that dimension does.

    Row i is z with values[i] in the place of z[dim]; all other coordinates are z's own. `values` is a list or a
    tensor (V,).
    """
    # TODO 6.5: one copy of z for each value, and the values in one column
    raise NotImplementedError("Exercise 6.5: one copy of z for each value, and the values in one column")


# Given: nothing below this line needs a change.


class TrainedVAE(nn.Module):
    """The model of lesson 1, to see with: `encode` images (B, 256) -> mu (B, 8), `decode` the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder_fc1 = nn.Linear(INPUT_DIM, HIDDEN_DIM)
        self.encoder_fc2 = nn.Linear(HIDDEN_DIM, HIDDEN_DIM)
        self.fc_mu = nn.Linear(HIDDEN_DIM, LATENT_DIM)
        self.fc_log_var = nn.Linear(HIDDEN_DIM, LATENT_DIM)
        self.decoder_fc1 = nn.Linear(LATENT_DIM, HIDDEN_DIM)
        self.decoder_fc2 = nn.Linear(HIDDEN_DIM, HIDDEN_DIM)
        self.decoder_out = nn.Linear(HIDDEN_DIM, INPUT_DIM)
        self.load_state_dict(checkpoints.starter_weights("lines64"))

    @torch.no_grad()
    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """Images (B, 256) -> mu (B, 8)."""
        mu: torch.Tensor = self.fc_mu(torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x)))))
        return mu

    @torch.no_grad()
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """Latent vectors (B, 8) -> images (B, 256)."""
        return torch.sigmoid(self.decoder_out(torch.relu(self.decoder_fc2(torch.relu(self.decoder_fc1(z))))))


def show(vae: TrainedVAE, z: torch.Tensor, path: str) -> Path:
    """Draws what latent vectors (S, 8) decode to, side by side, into a picture and returns its path."""
    from course import figures

    return figures.save_strip(list(vae.decode(z).reshape(-1, 16, 16).numpy()), path)


def main() -> None:
    """Moves through the latent space of a trained model with your functions and draws what the decoder makes of it."""
    vae, patterns = TrainedVAE(), lines64()
    types = vae.encode(torch.from_numpy(patterns.prototypes()))  # (4, 8)
    diagonal, cross = types[TYPES.index("diagonal")], types[TYPES.index("cross")]
    line = attempt.returned("6.1 lerp", lerp(diagonal, cross, 8), torch.Tensor)
    print(f"lerp       {show(vae, line, 'my_lerp.png')}: from a diagonal to a cross, straight")
    arc = attempt.returned("6.2 slerp", slerp(diagonal, cross, 8), torch.Tensor)
    lengths = [float(points.norm(dim=1).min()) for points in (line, arc)]
    print(f"slerp      {show(vae, arc, 'my_slerp.png')}: along the great circle; shortest |z| {lengths[1]:.2f}")
    print(f"           (on the straight line {lengths[0]:.2f})")
    walk = attempt.returned("6.3 latent_walk", latent_walk(types, 4), torch.Tensor)
    ends = "it returns to the first" if torch.allclose(walk[0], walk[-1]) else "it does not return to the first"
    print(f"walk       {show(vae, walk, 'my_walk.png')}: {len(walk)} points through all four types; {ends}")
    codes = vae.encode(torch.from_numpy(patterns.images))  # (64, 8)
    of_type = {name: codes[torch.from_numpy(patterns.labels == i)] for i, name in enumerate(TYPES)}
    difference = attribute_direction(of_type["cross"], of_type["vertical"])
    direction = attempt.returned("6.4 attribute_direction", difference, torch.Tensor)
    vertical = types[TYPES.index("vertical")][None]  # (1, 8)
    steps = [apply_direction(vertical, direction, strength) for strength in (0.0, 1.0, 2.0, 3.0)]
    moved = torch.cat([attempt.returned("6.4 apply_direction", step, torch.Tensor) for step in steps])  # (4, 8)
    print(f"direction  {show(vae, moved, 'my_direction.png')}: 0 to 3 times from vertical to cross")
    widest = int(codes.var(dim=0).argmax())
    row = attempt.returned("6.5 traverse", traverse(cross, widest, [-2.0, -1.0, 0.0, 1.0, 2.0]), torch.Tensor)
    print(f"traverse   {show(vae, row, 'my_traversal.png')}: dimension {widest} alone, from -2 to 2")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "interpolation"))
