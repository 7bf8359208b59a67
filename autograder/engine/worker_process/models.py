"""Models that the grader hands to a student's function: small, nonlinear, and they count how often they are used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Self

import torch
from torch import nn

__all__ = ["MODELS", "Asks", "BentLayer", "Codec", "Counted", "Layer", "Recording", "Shows", "SmallVAE", "set_linear"]


class Kept:
    """What a copy of a model shares with it: a call of a copy counts as well."""

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Asks(Kept):
    """Asks for the output, or for the gradient if there is a weight of the output."""

    def __init__(self, ask: Callable[[torch.Tensor, torch.Tensor | None], torch.Tensor]) -> None:
        self.ask = ask


class Counts(Kept, Counter[str]):
    """How often each method was called."""


class Seen(Kept, list[torch.Tensor]):
    """What a model was called on."""


class Counted(nn.Module):
    """A module that knows how often each of its methods was called. One that `asks` has zeros for weights."""

    def __init__(self) -> None:
        super().__init__()
        self.used = Counts()
        self.asks: Asks | None = None

    def told(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """The output: `y`, or in its shape and type what the grader says."""
        if self.asks is None:
            return y
        answer: torch.Tensor = _Told.apply(self.asks, x, y)  # type: ignore[no-untyped-call]  # torch's, without types
        return answer


class _Told(torch.autograd.Function):
    """What the grader says in the place of an output, and the gradient of that."""

    @staticmethod
    def forward(ctx: Any, asks: Asks, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        ctx.asks, ctx.x = asks, x.detach().clone()
        return asks.ask(ctx.x, None).to(y.dtype)

    @staticmethod
    def backward(ctx: Any, *weights: torch.Tensor) -> Any:
        gradient = ctx.asks.ask(ctx.x, weights[0]).to(ctx.x.dtype) if ctx.needs_input_grad[1] else None
        return None, gradient, torch.zeros_like(weights[0])


class Codec(Counted):
    """An encoder and a decoder, and nothing else: what `interpolate` may rely on.

    The decoder bends (a sigmoid), so that the mean of two images is not the image of the mean code.
    """

    def __init__(self, arrays: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        self.inward = nn.Parameter(arrays["inward"].clone())  # (D, H)
        self.inward_bias = nn.Parameter(arrays["inward_bias"].clone())
        self.code = nn.Parameter(arrays["code"].clone())  # (H, Z)
        self.outward = nn.Parameter(arrays["outward"].clone())  # (Z, D)
        self.outward_bias = nn.Parameter(arrays["outward_bias"].clone())

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        self.used["encode"] += 1
        return torch.tanh(x @ self.inward + self.inward_bias) @ self.code  # (B, Z)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        self.used["decode"] += 1
        return torch.sigmoid(z @ self.outward + self.outward_bias)  # (B, D)


class Layer(Counted):
    """One linear layer."""

    def __init__(self, arrays: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        self.weight = nn.Parameter(arrays["weight"].clone())  # (outputs, inputs)
        self.bias = nn.Parameter(arrays["bias"].clone())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.used["forward"] += 1
        return nn.functional.linear(x, self.weight, self.bias)


class BentLayer(Layer):
    """One linear layer and a tanh: what an encoder's hidden layers may be."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.told(x, torch.tanh(super().forward(x)))


class Shows(Counted):
    """A model that has something to show after a call."""

    def shown(self) -> list[torch.Tensor]:
        raise NotImplementedError


class Recording(Shows):
    """A decoder that remembers what it was called on. It takes rows of any width, so that wrong ones are seen."""

    def __init__(self, arrays: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        self.weight = nn.Parameter(arrays["weight"].clone())  # (Z + C, D)
        self.seen = Seen()

    def shown(self) -> list[torch.Tensor]:
        return self.seen

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        self.used["forward"] += 1
        self.seen.append(rows.detach().clone())
        width = min(rows.shape[-1], len(self.weight))
        return self.told(rows, rows[..., :width].to(self.weight.dtype) @ self.weight[:width])  # (B, D)


class SmallVAE(Shows):
    """A VAE to train and to measure. It shows its parameters, and then the latent vectors that it decoded first."""

    def __init__(self, arrays: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        for name, array in arrays.items():  # weights are (outputs, inputs)
            setattr(self, name, nn.Parameter(array.clone()))
        self.seen = Seen()

    def shown(self) -> list[torch.Tensor]:
        return [*self.parameters(), *self.seen]

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self.used["posterior"] += 1
        h = torch.tanh(self._through("encoder", x))  # (B, H)
        return self._through("mu", h), self._through("log_var", h)  # (B, Z), (B, Z)

    def reparameterize(
        self,
        mu: torch.Tensor,
        log_var: torch.Tensor,
        eps: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> torch.Tensor:
        self.used["reparameterize"] += 1
        if eps is None:  # in float32, so that both precisions draw the same
            eps = torch.randn(mu.shape, generator=generator, dtype=torch.float32).to(mu.dtype)
        return mu + torch.exp(0.5 * log_var) * eps  # (B, Z)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        self.used["decode"] += 1
        if not self.seen:
            self.seen.append(z.detach().clone())
        return torch.sigmoid(self._through("pixels", torch.tanh(self._through("decoder", z))))  # (B, D)

    def loss(
        self, x_hat: torch.Tensor, x: torch.Tensor, mu: torch.Tensor, log_var: torch.Tensor, beta: float = 1.0
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        self.used["loss"] += 1
        recon = nn.functional.binary_cross_entropy(x_hat, x, reduction="none").sum(-1).mean()
        kl = 0.5 * (mu.square() + torch.expm1(log_var) - log_var).sum(-1).mean()
        return recon + beta * kl, recon, kl

    def _through(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(x, getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias"))


Maker = Callable[[Mapping[str, torch.Tensor]], Counted]
IN_TRAINING: dict[str, Maker] = {
    "codec": Codec,
    "layer": Layer,
    "bent": BentLayer,
    "recording": Recording,
    "vae": SmallVAE,
}


def _in_eval_mode(maker: Maker) -> Maker:
    return lambda arrays: maker(arrays).eval()


MODELS: dict[str, Maker] = {
    **IN_TRAINING,
    **{f"{kind} in eval mode": _in_eval_mode(maker) for kind, maker in IN_TRAINING.items()},
}


def set_linear(owner: nn.Module, name: str, weight: torch.Tensor, bias: torch.Tensor) -> None:
    """Gives a layer the grader's weights, in place, so that whatever else refers to the layer sees them as well."""
    layer = getattr(owner, name, None)
    if not isinstance(layer, nn.Linear):
        layer = nn.Linear(1, 1)
        setattr(owner, name, layer)
    layer.out_features, layer.in_features = weight.shape
    layer.weight = nn.Parameter(weight.clone())
    layer.bias = nn.Parameter(bias.clone())
