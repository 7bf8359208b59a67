from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Generator, Tensor
from torch.distributions import Independent, Normal, kl_divergence
from torch.nn import functional

from course.labelled import BranchedVAE, Classifier, ConditionalVAE, one_hot
from course.models import VAE, Autoencoder
from course.registry import KINDS, SHORT, Model, kind_named
from course.training import Settings, fit


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def by_hand(logits: Tensor) -> Tensor:
    """The mean log-probability of the labels Y."""
    return (logits.exp() / logits.exp().sum(dim=1, keepdim=True))[torch.arange(len(Y)), Y].log().mean()


X = torch.rand(6, 9, generator=generator(1))
Y = torch.tensor([0, 2, 1, 2, 0, 1])
SIZE: dict[str, Any] = {"input_dim": 9, "hidden_dim": 7, "latent_dim": 3, "num_classes": 3}
MAKERS: dict[str, Callable[[], Any]] = {
    "ae": lambda: Autoencoder(9, 7, 3, generator=generator()),
    "vae": lambda: VAE(9, 7, 3, generator=generator()),
    "cvae": lambda: ConditionalVAE(**SIZE, generator=generator()),
    "branch on z": lambda: BranchedVAE(**SIZE, gamma=2.0, generator=generator()),
    "branch on trunk": lambda: BranchedVAE(**SIZE, branch="trunk", gamma=2.0, generator=generator()),
    "classifier": lambda: Classifier(9, 7, num_classes=3, generator=generator()),
}


@pytest.mark.parametrize("name", MAKERS)
def test_every_model_is_built_again_from_its_size_and_learns(name: str) -> None:
    model = MAKERS[name]()
    again = type(model)(**model.size, generator=generator())
    for (key, a), (other, b) in zip(model.state_dict().items(), again.state_dict().items(), strict=True):
        assert key == other
        assert torch.equal(a, b)
    before = float(model.loss(X, Y, 0.0, generator(2)).total.detach())
    history = fit(model, X, Settings(steps=200, learning_rate=1e-2, beta=0.0, beta_start=0.0), labels=Y)
    assert float(model.loss(X, Y, 0.0, generator(2)).total.detach()) < before - 0.05
    assert history.steps.shape == (200, len(history.names))
    assert history.names[0] == "total"
    assert history.epochs.shape == (200, len(history.names))


def test_an_autoencoder_pays_for_the_reconstruction_alone() -> None:
    model = MAKERS["ae"]()
    terms = model.loss(X, beta=7.0)
    expected = functional.binary_cross_entropy(model(X), X, reduction="sum") / len(X)
    torch.testing.assert_close(terms.total, expected)
    assert float(terms.kl) == 0
    assert torch.equal(model(X), model.decode(model.encode(X)))


@torch.no_grad()
def test_the_conditional_vae_written_out_by_hand() -> None:
    model, eps = MAKERS["cvae"](), torch.randn(6, 3, generator=generator(5))
    label = functional.one_hot(Y, 3).float()
    h = model.encoder(torch.cat([X, label], dim=1))
    mu, log_var = model.fc_mu(h), model.fc_log_var(h)
    z = mu + torch.exp(log_var / 2) * eps
    x_hat = torch.sigmoid(model.decoder(torch.cat([z, label], dim=1)))
    for got, expected in zip(model(X, eps, labels=Y), (x_hat, mu, log_var), strict=True):
        torch.testing.assert_close(got, expected)
    terms = model.loss(X, Y, 1.5, generator(5))
    rate = kl_divergence(Independent(Normal(mu, (log_var / 2).exp()), 1), Independent(Normal(0 * mu, 1), 1)).mean()
    distortion = functional.binary_cross_entropy(x_hat, X, reduction="sum") / len(X)
    torch.testing.assert_close(terms.kl, rate, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(terms.total, distortion + 1.5 * rate, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_both_sides_of_the_conditional_vae_listen_to_the_label() -> None:
    model, other = MAKERS["cvae"](), (Y + 1) % 3
    assert not torch.allclose(model.encode(X, Y), model.encode(X, other))
    z = torch.randn(6, 3, generator=generator(3))
    assert not torch.allclose(model.decode(z, Y), model.decode(z, other))
    assert torch.equal(model.sample(6, generator(4), Y), model.sample(6, generator(4), Y))


def test_a_conditional_vae_without_labels_or_with_wrong_ones_says_so() -> None:
    model = MAKERS["cvae"]()
    with pytest.raises(ValueError, match="a conditional VAE needs labels"):
        model.encode(X)
    with pytest.raises(ValueError, match=r"labels must be \(6,\), one for each row, got \(2,\)"):
        model.encode(X, Y[:2])
    with pytest.raises(ValueError, match="labels must lie between 0 and 2, got 0 to 3"):
        model.decode(torch.zeros(2, 3), torch.tensor([0, 3]))


@pytest.mark.parametrize("branch", ["branch on z", "branch on trunk"])
def test_the_branched_loss_written_out_by_hand(branch: str) -> None:
    model = MAKERS[branch]()
    terms = model.loss(X, Y, 0.5, generator(7))
    h = model.encoder(X)
    mu, log_var = model.fc_mu(h), model.fc_log_var(h)
    z = mu + torch.exp(log_var / 2) * torch.randn(6, 3, generator=generator(7))
    logits = model.classifier(z if branch == "branch on z" else h)
    cross_entropy = -by_hand(logits)
    torch.testing.assert_close(terms.cross_entropy, cross_entropy)
    torch.testing.assert_close(terms.total, terms.reconstruction + 0.5 * terms.kl + 2 * cross_entropy)
    shown = mu if branch == "branch on z" else h
    torch.testing.assert_close(model.classify(X), model.classifier(shown))


def test_a_branch_on_z_teaches_the_encoders_heads_and_one_on_the_trunk_does_not() -> None:
    gradients: dict[str, Tensor] = {}
    for name in ("branch on z", "branch on trunk"):
        model = MAKERS[name]()
        terms = model.loss(X, Y, 1.0, generator(1))
        (found,) = torch.autograd.grad(terms.cross_entropy, model.fc_mu.weight, allow_unused=True)
        gradients[name] = torch.zeros(1) if found is None else found
    assert gradients["branch on z"].abs().max() > 0
    assert gradients["branch on trunk"].abs().max() == 0


def test_the_classifier_is_a_softmax_over_its_features() -> None:
    model = MAKERS["classifier"]()
    logits = model.features(X) @ model.out.weight.T + model.out.bias
    torch.testing.assert_close(model(X), logits)
    assert torch.equal(model.predict(X), logits.argmax(dim=1))
    torch.testing.assert_close(model.loss(X, Y).total, -by_hand(logits))


def test_one_hot_has_its_one_at_the_label_and_refuses_others() -> None:
    assert one_hot(Y, 4).argmax(dim=1).tolist() == Y.tolist()
    assert one_hot(Y, 4).sum() == len(Y)
    assert one_hot(Y[:0], 4).shape == (0, 4)
    for wrong in (torch.tensor([-1, 0]), torch.tensor([4])):
        with pytest.raises(ValueError, match="labels must lie between 0 and 3"):
            one_hot(wrong, 4)


@pytest.mark.parametrize(
    ("make", "words"),
    [(lambda: ConditionalVAE(num_classes=0), "num_classes must be at least 1, got 0"),
     (lambda: Classifier(depth=0), "depth must be at least 1"),
     (lambda: BranchedVAE(branch="root"), "branch must be one of z, trunk, got 'root'"),  # type: ignore[arg-type]
     (lambda: BranchedVAE(gamma=-1), "gamma, the weight of the cross-entropy, must be 0 or more, got -1"),
     (lambda: BranchedVAE(gamma=float("nan")), "got nan"), (lambda: Autoencoder(latent_dim=0), "latent_dim must be")],
)  # fmt: skip
def test_sizes_that_cannot_be_are_refused(make: Callable[[], Model], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [(None, ValueError, "learns from labels too"), (torch.zeros(6), TypeError, "labels must be whole numbers"),
     (Y[:4], ValueError, r"labels must be \(6,\)"), (Y.view(6, 1), ValueError, r"got \(6, 1\)"),
     (Y == 0, TypeError, "got torch.bool")],
)  # fmt: skip
def test_fit_says_what_is_wrong_with_labels(labels: Tensor | None, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        fit(MAKERS["classifier"](), X, Settings(steps=1), labels=labels)


def test_models_are_found_by_both_of_their_names() -> None:
    for short, kind in SHORT.items():
        assert kind_named(short) is kind_named(kind.__name__) is kind
    assert set(SHORT.values()) == set(KINDS.values())
    with pytest.raises(ValueError, match=r"must be one of ae, vae, cvae, .*conv-ae, conv-vae; got 'gan'"):
        kind_named("gan")
