"""A small VAE that is handed to a function, and what it is worth afterwards: measured here, from its parameters alone.

What a training reports of itself is never asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.engine import wire
from autograder.engine.calls import Answer, Call, Leaf, Many, Model
from autograder.engine.judging.comparison import describe
from autograder.engine.judging.probes import normal
from autograder.engine.verdicts import Wrong

__all__ = ["Worth", "expected", "noise", "parameters", "probe", "untrained", "worth"]

DRAWS = 64  # of z for each image
Arrays = Mapping[str, wire.Array]


@dataclass(frozen=True)
class Worth:
    """The honest -ELBO and its terms, in nats per image, and what the images cost when they are decoded from mu."""

    recon: float
    kl: float
    at_mu: float

    @property
    def total(self) -> float:
        return self.recon + self.kl


def probe(rng: np.random.Generator, pixels: int, hidden: int, latent: int, log_var: float, mode: str = "") -> Model:
    """A VAE with random weights, far from linear; its log-variances lie around `log_var`."""
    sizes = {"encoder": (pixels, hidden), "mu": (hidden, latent), "log_var": (hidden, latent)}
    sizes |= {"decoder": (latent, hidden), "pixels": (hidden, pixels)}
    arrays = _arrays(rng, sizes, 1.5)
    arrays["log_var_bias"] += np.float32(log_var)
    return Model(f"vae{mode}", arrays)


def untrained(rng: np.random.Generator, pixels: int, hidden: int, latent: int) -> Model:
    """A VAE as it is before training: small weights, as torch makes them."""
    sizes = {"encoder": (pixels, hidden), "mu": (hidden, latent), "log_var": (hidden, latent)}
    sizes |= {"decoder": (latent, hidden), "pixels": (hidden, pixels)}
    return Model("vae", _arrays(rng, sizes, 0.58))


def _arrays(rng: np.random.Generator, sizes: Mapping[str, tuple[int, int]], scale: float) -> dict[str, wire.Array]:
    found = {}
    for name, (inputs, outputs) in sizes.items():
        found[f"{name}_weight"] = normal(rng, outputs, inputs, scale=scale * inputs**-0.5)
        found[f"{name}_bias"] = normal(rng, outputs, scale=0.3 * scale)
    return found


def parameters(call: Call, answer: Answer) -> dict[str, wire.Array]:
    """The VAE's parameters after the call, or those of the VAE that it returned. Wrong if they are no numbers."""
    given = call.args[0].arrays
    returned = answer.result.items if isinstance(answer.result, Many) else ()
    shown = answer.seen.get("0", ())
    values = returned if _fit(returned, given) else shown[: len(given)]
    if not _fit(values, given):
        raise Wrong("the parameters of the VAE, in their shapes", ", ".join(map(describe, values))[:200] or "none")
    found = {n: v.array.astype(np.float64) for n, v in zip(given, values, strict=True) if isinstance(v, Leaf)}
    bad = sum(int((~np.isfinite(array)).sum()) for array in found.values())
    if bad:
        raise Wrong("a VAE whose parameters are finite", f"{bad} parameters that are NaN or infinite")
    return found


def comes_back(call: Call, answer: Answer) -> bool:
    """Whether a VAE in the shapes of the one that was given is what the call returned."""
    return isinstance(answer.result, Many) and _fit(answer.result.items, call.args[0].arrays)


def _fit(values: object, given: Arrays) -> bool:
    if not isinstance(values, list | tuple) or len(values) != len(given):
        return False
    pairs = zip(values, given.values(), strict=True)
    return all(isinstance(v, Leaf) and v.array.shape == a.shape and v.array.dtype.kind == "f" for v, a in pairs)


def noise(call: Call, answer: Answer, x: wire.Array) -> wire.Array:
    """The noise behind the first latent vectors that were decoded, (B, Z). Wrong if they were not those of x."""
    mu, log_var = _posterior(call.args[0].arrays, x)
    seen = list(answer.seen.get("0", ()))[len(call.args[0].arrays) :]
    wanted = f"one z for each image to be decoded, {mu.shape}"
    if not seen:
        raise Wrong(wanted, "no call of vae.decode")
    first = seen[0]
    if not isinstance(first, Leaf) or first.array.shape != mu.shape:
        raise Wrong(wanted, describe(first))
    if first.array.dtype.kind != "f" or not np.isfinite(first.array).all():
        raise Wrong(f"{wanted}, all numbers finite", "numbers that are not, or of another kind")
    return np.asarray((first.array - mu) * np.exp(-0.5 * log_var))


def worth(arrays: Arrays, x: wire.Array, rng: np.random.Generator) -> Worth:
    """What a VAE is worth on images (N, D), with fresh draws."""
    with np.errstate(over="ignore", invalid="ignore"):
        mu, log_var = _posterior(arrays, x)
        kl = 0.5 * (np.square(mu) + np.expm1(log_var) - log_var).sum(1).mean()
        eps = rng.standard_normal((DRAWS, *mu.shape))
        recon = _surprise(arrays, mu + np.exp(0.5 * log_var) * eps, x).mean()
        return Worth(float(recon), float(kl), float(_surprise(arrays, mu, x).mean()))


def expected(model: Model, x: wire.Array, rng: np.random.Generator, draws: int = 50_000) -> tuple[float, float]:
    """The honest -ELBO of one image (1, D), and how much it varies from one draw of z to the next."""
    mu, log_var = _posterior(model.arrays, x)
    kl = 0.5 * (np.square(mu) + np.expm1(log_var) - log_var).sum()
    z = mu + np.exp(0.5 * log_var) * rng.standard_normal((draws, mu.shape[1]))
    surprise = _surprise(model.arrays, z, x)
    return float(surprise.mean() + kl), float(surprise.std())


def _posterior(arrays: Arrays, x: wire.Array) -> tuple[wire.Array, wire.Array]:
    h = np.tanh(_through(arrays, "encoder", x.astype(np.float64)))
    return _through(arrays, "mu", h), _through(arrays, "log_var", h)


def _surprise(arrays: Arrays, z: wire.Array, x: wire.Array) -> wire.Array:
    """The cross-entropy of each image from logits, which needs no limit: summed over pixels."""
    logits = _through(arrays, "pixels", np.tanh(_through(arrays, "decoder", z)))
    return np.asarray((np.logaddexp(0, logits) - x * logits).sum(-1))


def _through(arrays: Arrays, name: str, x: wire.Array) -> wire.Array:
    return np.asarray(x @ arrays[f"{name}_weight"].T.astype(np.float64) + arrays[f"{name}_bias"])
