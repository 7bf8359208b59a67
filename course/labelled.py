"""Models that learn from labels too: a classifier, the conditional VAE, and a VAE with a classifier as a branch."""

from __future__ import annotations

from math import inf
from typing import ClassVar, Literal, NamedTuple, get_args

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from course.errors import CourseError
from course.models import VAE, check_sizes, draw_weights, hidden_layers, linear
from course.objectives import Terms, vae_loss

__all__ = ["Branch", "BranchedLoss", "BranchedVAE", "Classifier", "ClassifierLoss", "ConditionalVAE", "one_hot"]

TRAINING_VERSION = 1  # raise it when a change of these models alters training: see identity.py

Branch = Literal["z", "trunk"]


class ClassifierLoss(NamedTuple):
    """The cross-entropy, averaged over images, in nats: total and only term."""

    total: Tensor


class BranchedLoss(NamedTuple):
    """Four scalars, averaged over images: total = reconstruction + beta * kl + gamma * cross_entropy."""

    total: Tensor
    reconstruction: Tensor
    kl: Tensor
    cross_entropy: Tensor


def one_hot(labels: Tensor, num_classes: int) -> Tensor:
    """Labels (B,) -> (B, C), float32: 1 at the place of the label, 0 elsewhere; ValueError for a label out of range."""
    if labels.numel() and (int(labels.min()) < 0 or int(labels.max()) >= num_classes):
        raise CourseError(
            f"labels must lie between 0 and {num_classes - 1}, got {int(labels.min())} to {int(labels.max())}"
        )
    return functional.one_hot(labels.long(), num_classes).float()


class Classifier(nn.Module):
    """Images (B, D) -> logits (B, C). Trained apart from every model that it judges."""

    needs_labels: ClassVar[bool] = True

    def __init__(
        self,
        input_dim: int = 784,
        hidden_dim: int = 256,
        depth: int = 2,
        num_classes: int = 10,
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__()
        check_sizes(input_dim=input_dim, hidden_dim=hidden_dim, depth=depth, num_classes=num_classes)
        self.input_dim, self.hidden_dim, self.depth, self.num_classes = input_dim, hidden_dim, depth, num_classes
        self.layers = hidden_layers(input_dim, hidden_dim, depth)
        self.out = linear(hidden_dim, num_classes)
        draw_weights(self, generator)

    @property
    def size(self) -> dict[str, int | float | str]:
        """What builds a model of the same form again: `type(model)(**model.size)`."""
        return {name: getattr(self, name) for name in ("input_dim", "hidden_dim", "depth", "num_classes")}

    def features(self, x: Tensor) -> Tensor:
        """Images (B, D) -> the last hidden layer (B, H)."""
        h: Tensor = self.layers(x)
        return h

    def forward(self, x: Tensor) -> Tensor:
        """Images (B, D) -> logits (B, C)."""
        logits: Tensor = self.out(self.features(x))
        return logits

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """Images (B, D) -> the likeliest class of each (B,)."""
        labels: Tensor = self(x).argmax(dim=1)
        return labels

    def loss(
        self, x: Tensor, labels: Tensor | None = None, beta: float = 1.0, generator: Generator | None = None
    ) -> Terms:
        """The cross-entropy of labels (B,); beta and generator are for models with a latent space."""
        return ClassifierLoss(functional.cross_entropy(self(x), _given(labels, "a classifier")))


class ConditionalVAE(VAE):
    """A VAE whose encoder and decoder are both given the label (Sohn et al. 2015), so that z need not hold it.

    `num_classes` is C; wherever an image or a latent vector goes in, its label (B,) goes in with it.
    """

    needs_labels = True
    takes_labels = True

    def __init__(
        self,
        input_dim: int = 784,
        hidden_dim: int = 256,
        latent_dim: int = 8,
        depth: int = 2,
        num_classes: int = 10,
        *,
        likelihood: str = "bernoulli",
        scale: float | None = None,
        generator: Generator | None = None,
    ) -> None:
        check_sizes(num_classes=num_classes)
        self.num_classes = num_classes  # before the layers are made, which depend on it
        super().__init__(
            input_dim, hidden_dim, latent_dim, depth, likelihood=likelihood, scale=scale, generator=generator
        )

    @property
    def size(self) -> dict[str, int | float | str]:
        return {**super().size, "num_classes": self.num_classes}

    def posterior(self, x: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Images (B, D) and labels (B,) -> mu and log_var, each (B, Z), of q(z | x, label)."""
        return super().posterior(self._with_label(x, labels))

    def decode_logits(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Latent vectors (B, Z) and labels (B,) -> logits (B, D)."""
        return super().decode_logits(self._with_label(z, labels))

    def _build(self, encoder_extra: int = 0, decoder_extra: int = 0) -> None:
        super()._build(encoder_extra + self.num_classes, decoder_extra + self.num_classes)

    def _with_label(self, rows: Tensor, labels: Tensor | None) -> Tensor:
        given = _given(labels, "a conditional VAE")
        if given.shape != rows.shape[:1]:
            raise CourseError(f"labels must be ({len(rows)},), one for each row, got {tuple(given.shape)}")
        return torch.cat([rows, one_hot(given, self.num_classes)], dim=1)  # (B, D + C)


class BranchedVAE(VAE):
    """A VAE with a linear classifier as a branch: on z, or on the encoder's last hidden layer, the trunk.

    Its loss has a third term, gamma * cross-entropy, in nats per image like the others.
    """

    needs_labels = True

    def __init__(
        self,
        input_dim: int = 784,
        hidden_dim: int = 256,
        latent_dim: int = 8,
        depth: int = 2,
        num_classes: int = 10,
        branch: Branch = "z",
        gamma: float = 1.0,
        *,
        likelihood: str = "bernoulli",
        scale: float | None = None,
        generator: Generator | None = None,
    ) -> None:
        check_sizes(num_classes=num_classes)
        if branch not in get_args(Branch):
            raise CourseError(f"branch must be one of {', '.join(get_args(Branch))}, got {branch!r:.60}")
        if not (isinstance(gamma, (int, float)) and 0 <= gamma < inf):
            raise CourseError(f"gamma, the weight of the cross-entropy, must be 0 or more, got {gamma!r:.60}")
        self.num_classes, self.branch, self.gamma = num_classes, branch, gamma  # before the layers are made
        super().__init__(
            input_dim, hidden_dim, latent_dim, depth, likelihood=likelihood, scale=scale, generator=generator
        )

    @property
    def size(self) -> dict[str, int | float | str]:
        return {**super().size, "num_classes": self.num_classes, "branch": self.branch, "gamma": self.gamma}

    def classify(self, x: Tensor) -> Tensor:
        """Images (B, D) -> the branch's logits (B, C), from mu or from the trunk."""
        h = self.encoder(x)
        logits: Tensor = self.classifier(self.fc_mu(h) if self.branch == "z" else h)
        return logits

    def loss(
        self, x: Tensor, labels: Tensor | None = None, beta: float = 1.0, generator: Generator | None = None
    ) -> Terms:
        """reconstruction + beta * KL + gamma * cross-entropy of labels (B,), a branch on z through the same sample."""
        h = self.encoder(x)
        mu, log_var = self.fc_mu(h), self.fc_log_var(h)
        z = self.reparameterize(mu, log_var, generator=generator)
        terms = vae_loss(self.decode_logits(z), x, mu, log_var, beta, nats=self.pixels.nats)
        logits = self.classifier(z if self.branch == "z" else h)
        cross_entropy = functional.cross_entropy(logits, _given(labels, "a branched VAE"))
        return BranchedLoss(terms.total + self.gamma * cross_entropy, terms.reconstruction, terms.kl, cross_entropy)

    def _build(self, encoder_extra: int = 0, decoder_extra: int = 0) -> None:
        super()._build(encoder_extra, decoder_extra)
        self.classifier = linear(self.latent_dim if self.branch == "z" else self.hidden_dim, self.num_classes)


def _given(labels: Tensor | None, model: str) -> Tensor:
    if labels is None:
        raise CourseError(f"{model} needs labels (B,), one for each image, got none")
    return labels
