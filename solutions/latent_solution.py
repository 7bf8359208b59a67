"""Lesson 1, latent spaces: encode, decode, interpolate.

# starter: Four parts are yours to write; each raises NotImplementedError until you do.
# starter: Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
# starter: its environment active (`source .venv/bin/activate`):
# starter:
# starter:     python exercises/latent_starter.py
# starter:     pytest autograder -k latent
# starter:
# starter: `pytest autograder --hint 1.1` shows a hint for part 1.1, one more each time.

Letters used here, as in every lesson: B images of D pixels (here D = 256, a 16 x 16 image row by row, values in
[0, 1]) and Z latent dimensions. A function works for any B, D and Z of at least 1, and leaves alone what it is given:
its inputs, the model's parameters, its train or eval mode, the random state.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import torch
from torch import nn

from course import attempt, checkpoints
from course.patterns import TYPES, lines64

IMAGE_SIZE = 16
INPUT_DIM = 256
HIDDEN_DIM = 128
LATENT_DIM = 8


class SimpleVAE(nn.Module):
    """The variational autoencoder of this lesson: 256 pixels -> 8 latent dimensions -> 256 pixels."""

    def __init__(self, input_dim: int = INPUT_DIM, hidden_dim: int = HIDDEN_DIM, latent_dim: int = LATENT_DIM) -> None:
        super().__init__()
        self.encoder_fc1 = nn.Linear(input_dim, hidden_dim)
        self.encoder_fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.fc_mu = nn.Linear(hidden_dim, latent_dim)
        self.fc_log_var = nn.Linear(hidden_dim, latent_dim)
        self.decoder_fc1 = nn.Linear(latent_dim, hidden_dim)
        self.decoder_fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.decoder_out = nn.Linear(hidden_dim, input_dim)

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """Exercise 1.1. Images (B, D) -> mu (B, Z), the centre of each image's region in the latent space.

        encoder_fc1, ReLU, encoder_fc2, ReLU, fc_mu. (The other head, fc_log_var, says how wide the region is:
        lesson 2 is about it.)
        """
        # todo 1.1: three layers, with a ReLU after the first and after the second
        h = torch.relu(self.encoder_fc1(x))  # (B, H)
        h = torch.relu(self.encoder_fc2(h))  # (B, H)
        mu: torch.Tensor = self.fc_mu(h)  # (B, Z)
        return mu
        # done

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """Exercise 1.2. Latent vectors (B, Z) -> images (B, D), each pixel in [0, 1].

        decoder_fc1, ReLU, decoder_fc2, ReLU, decoder_out, and a sigmoid, which turns a logit into a pixel.
        """
        # todo 1.2: the way back, from a latent vector to the pixels of an image
        h = torch.relu(self.decoder_fc1(z))  # (B, H)
        h = torch.relu(self.decoder_fc2(h))  # (B, H)
        return torch.sigmoid(self.decoder_out(h))  # (B, D)
        # done


def interpolate(
    vae: SimpleVAE, pattern_a: torch.Tensor, pattern_b: torch.Tensor, num_steps: int = 8
) -> Sequence[np.ndarray | torch.Tensor]:
    """Exercise 1.3. Two images (1, D) -> num_steps frames (16, 16) on the straight line between their codes.

    The first frame is decode(encode(pattern_a)), the last decode(encode(pattern_b)), and the steps in the latent
    space are equal. Frames carry no gradient. `vae.encode` and `vae.decode` are all you need of the model.
    """
    # todo 1.3: encode both, mix the codes in equal steps, decode each mix
    with torch.no_grad():
        z_a, z_b = vae.encode(pattern_a), vae.encode(pattern_b)  # (1, Z), (1, Z)
        steps = torch.linspace(0, 1, num_steps).unsqueeze(1)  # (num_steps, 1)
        frames = vae.decode((1 - steps) * z_a + steps * z_b)  # (num_steps, D)
    return list(frames.reshape(num_steps, IMAGE_SIZE, IMAGE_SIZE))
    # done


def create_latent_walk_animation(
    vae: SimpleVAE, patterns: Sequence[torch.Tensor], fps: float = 10, path: str | Path = "latent_walk.gif"
) -> Sequence[np.ndarray]:
    """Exercise 1.4, the challenge. A walk that visits all patterns, each (1, D), and returns to the first.

    Writes the animation to `path`, `fps` frames a second, and returns its frames as uint8 images, (16, 16) or
    enlarged by a whole number.
    """
    # todo 1.4: interpolate from each pattern to the next, and from the last to the first
    frames = []
    for here, there in zip(patterns, [*patterns[1:], patterns[0]], strict=True):
        leg = interpolate(vae, here, there, num_steps=15)
        frames += [np.uint8(np.round(255 * np.asarray(frame))) for frame in leg]
    enlarged = [np.kron(frame, np.ones((8, 8), np.uint8)) for frame in frames]  # (128, 128)
    iio.imwrite(path, np.stack(enlarged), extension=".gif", duration=1000 / fps, loop=0)
    return enlarged
    # done


# Given: nothing below this line needs a change.


def create_test_patterns() -> dict[str, torch.Tensor]:
    """One image (1, 256) of each type: diagonal, horizontal, vertical and cross."""
    chosen = lines64().prototypes()  # (4, 256)
    return {name: torch.from_numpy(image)[None] for name, image in zip(TYPES, chosen, strict=True)}


def visualize_interpolation(
    frames: Sequence[np.ndarray | torch.Tensor], path: str | Path = "my_interpolation.png"
) -> Path:
    """Draws the frames side by side into a picture and returns its path."""
    from course import figures

    return figures.save_strip([np.asarray(frame) for frame in frames], path)


def main() -> None:
    """Loads trained weights into your VAE and shows what your functions make of them."""
    vae = SimpleVAE()
    vae.load_state_dict(checkpoints.starter_weights("lines64"))
    images = create_test_patterns()
    mu = attempt.returned("1.1 encode", vae.encode(images["cross"]), torch.Tensor)
    print(f"encode       a cross of {INPUT_DIM} pixels -> {tuple(mu.shape)} numbers")
    x_hat = attempt.returned("1.2 decode", vae.decode(mu), torch.Tensor)
    right = int(((x_hat > 0.5) == (images["cross"] > 0.5)).sum())
    print(f"decode       the cross comes back with {right} of {INPUT_DIM} pixels right")
    frames = attempt.returned("1.3 interpolate", interpolate(vae, images["diagonal"], images["cross"]))
    print(f"interpolate  {visualize_interpolation(frames)}: from a diagonal to a cross in {len(frames)} frames")
    walk = attempt.returned("1.4 latent walk", create_latent_walk_animation(vae, list(images.values())))
    ends = "it returns to the first" if np.allclose(walk[0], walk[-1], atol=2) else "it does not return to the first"
    print(f"walk         latent_walk.gif: {len(walk)} frames through all four types; {ends}")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "latent"))
