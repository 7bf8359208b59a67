"""Lesson 5: mistakes with a training step, the honest -ELBO, a run, and the loop with a bug.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes. A run has no named mistakes: it is judged by its result,
and the check says what is odd about that.
"""

# ruff: noqa: ARG001

from __future__ import annotations

from typing import Any

import torch

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

STEP, HONEST, FLOOR = "training-step", "honest", "floor-debugging"
Three = tuple[Any, Any, Any]


def _loss(vae: Any, x: Any, beta: Any, eps: Any) -> Three:
    mu, log_var = vae.posterior(x)
    total, recon, kl = vae.loss(vae.decode(vae.reparameterize(mu, log_var, eps=eps)), x, mu, log_var, beta=beta)
    return total, recon, kl


def _step(optimizer: Any, total: Any) -> None:
    optimizer.zero_grad()
    total.backward()
    optimizer.step()


def _floats(*terms: Any) -> Three:
    total, recon, kl = (float(term) for term in terms)
    return total, recon, kl


# 5.1 training_step


@mistake("5.1", "gradients from before count as well", STEP)
def step_without_clearing(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """`backward` adds to what the parameters hold already. What do they hold when your function is called, and which of
    your lines makes sure that it does not count? Where should that line stand?
    """
    terms = _loss(vae, x, beta, eps)
    terms[0].backward()
    optimizer.step()
    return _floats(*terms)


@mistake("5.1", "the step comes before the gradients", STEP)
def step_first(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Which gradients does the optimizer use when it steps: those of these images, or what was there before?"""
    terms = _loss(vae, x, beta, eps)
    optimizer.step()
    optimizer.zero_grad()
    terms[0].backward()
    return _floats(*terms)


@mistake("5.1", "no parameter moves", STEP)
def step_never(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """The gradients say where to go. Which call changes the parameters, does it happen, and what does it find in them:
    gradients, or what a call just before has cleared?
    """
    terms = _loss(vae, x, beta, eps)
    optimizer.zero_grad()
    terms[0].backward()
    return _floats(*terms)


@mistake("5.1", "beta is ignored", STEP)
def step_without_beta(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Does your total change with beta, and by how much should it?"""
    terms = _loss(vae, x, 1.0, eps)
    _step(optimizer, terms[0])
    return _floats(*terms)


@mistake("5.1", "beta weighs the reconstruction", STEP)
def step_beta_on_recon(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Which of the two terms should a large beta make small? Which one does yours make small?"""
    _, recon, kl = _loss(vae, x, 1.0, eps)
    total = beta * recon + kl
    _step(optimizer, total)
    return _floats(total, recon, kl)


@mistake("5.1", "beta counts twice", STEP)
def step_beta_twice(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """`vae.loss` weighs the KL already. Where else does beta come in?"""
    total, recon, kl = _loss(vae, x, beta, eps)
    total = total + (beta - 1) * beta * kl
    _step(optimizer, total)
    return _floats(total, recon, kl)


@mistake("5.1", "the KL comes back with beta in it", STEP)
def step_weighted_kl(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Two runs with different beta should be comparable by their KL. Is the third number that you return?"""
    total, recon, kl = _loss(vae, x, beta, eps)
    _step(optimizer, total)
    return _floats(total, recon, beta * kl)


@mistake("5.1", "the sign is wrong", STEP)
def step_sign(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """The ELBO should rise, and -ELBO should fall. An optimizer makes its number smaller: which of the two should it
    get?
    """
    total, recon, kl = _loss(vae, x, beta, eps)
    _step(optimizer, -total)
    return _floats(total, recon, kl)


@mistake("5.1", "the KL is not minimised", STEP)
def step_recon_only(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """From which number do your gradients start: from the total, or from one of its terms?"""
    total, recon, kl = _loss(vae, x, beta, eps)
    _step(optimizer, recon)
    return _floats(total, recon, kl)


@mistake("5.1", "decoded from mu", STEP)
def step_from_mu(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """What does the decoder see: the middle of each cloud, or points all over it? What would make sigma shrink or grow
    then?
    """
    mu, log_var = vae.posterior(x)
    terms = vae.loss(vae.decode(mu), x, mu, log_var, beta=beta)
    _step(optimizer, terms[0])
    return _floats(*terms)


@mistake("5.1", "the noise that is given is ignored", STEP)
def step_without_eps(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Call your function twice with the same eps, from the same parameters: do both calls return the same numbers?"""
    terms = _loss(vae, x, beta, None)
    _step(optimizer, terms[0])
    return _floats(*terms)


@mistake("5.1", "an optimizer of its own", STEP)
def step_own_optimizer(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Which optimizer takes your step, and what does the one that you were given remember of earlier steps?"""
    terms = _loss(vae, x, beta, eps)
    _step(torch.optim.Adam(vae.parameters(), lr=1e-3), terms[0])
    return _floats(*terms)


@mistake("5.1", "the loss of after the step", STEP)
def step_measured_after(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """When were your three numbers computed: before the parameters changed, or after?"""
    _step(optimizer, _loss(vae, x, beta, eps)[0])
    return _floats(*_loss(vae, x, beta, eps))


@mistake("5.1", "averaged over pixels", STEP)
def step_mean_over_pixels(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Your reconstruction is that of one pixel, your KL that of a whole image. How much does the KL weigh then?"""
    _, recon, kl = _loss(vae, x, beta, eps)
    recon = recon / x.shape[1]
    total = recon + beta * kl
    _step(optimizer, total)
    return _floats(total, recon, kl)


@mistake("5.1", "summed over the batch", STEP)
def step_sum_over_batch(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """Repeat each image of the batch once: do your numbers double? Which unit is asked for?"""
    terms = [len(x) * term for term in _loss(vae, x, beta, eps)]
    _step(optimizer, terms[0])
    return _floats(*terms)


@mistake("5.1", "the noise is detached", STEP)
def step_detached(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """On which way does the gradient of the reconstruction reach the encoder? Where on that way does yours stop?"""
    mu, log_var = vae.posterior(x)
    z = vae.reparameterize(mu, log_var, eps=eps).detach()
    terms = vae.loss(vae.decode(z), x, mu, log_var, beta=beta)
    _step(optimizer, terms[0])
    return _floats(*terms)


@mistake("5.1", "only the total", STEP)
def step_total_only(vae: Any, optimizer: Any, x: Any, beta: Any = 1.0, eps: Any = None) -> Any:
    """When a run goes wrong, what do you want to see: one number, or both terms, to find the wrong one?"""
    terms = _loss(vae, x, beta, eps)
    _step(optimizer, terms[0])
    return float(terms[0])


# 5.2 negative_elbo


def _measured(vae: Any, x: Any, num_samples: int, generator: Any) -> Three:
    """The two terms with their average over draws, and the KL once more."""
    with torch.no_grad():
        mu, log_var = vae.posterior(x)
        draws = [vae.reparameterize(mu, log_var, generator=generator) for _ in range(num_samples)]
        terms = [vae.loss(vae.decode(z), x, mu, log_var) for z in draws]
        return torch.stack([t[1] for t in terms]).mean(), terms[0][2], (mu, log_var)


@mistake("5.2", "decoded from mu", HONEST)
def honest_from_mu(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """The bound speaks of an average over z. Which z did you decode, and what became of sigma?"""
    with torch.no_grad():
        mu, log_var = vae.posterior(x)
        return vae.loss(vae.decode(mu), x, mu, log_var)[0]


@mistake("5.2", "the KL is missing", HONEST)
def honest_without_kl(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """What does -ELBO consist of? A plain autoencoder reconstructs well: what would your number say of it?"""
    return _measured(vae, x, num_samples, generator)[0]


@mistake("5.2", "the reconstruction is missing", HONEST)
def honest_without_recon(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """A VAE that ignores its images has a KL of 0. What should the measure say of it, and what does yours say?"""
    return _measured(vae, x, num_samples, generator)[1]


@mistake("5.2", "the KL is subtracted", HONEST)
def honest_minus_kl(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """ELBO = -recon - kl. Which signs do the two terms of -ELBO have?"""
    recon, kl, _ = _measured(vae, x, num_samples, generator)
    return recon - kl


@mistake("5.2", "the ELBO, not -ELBO", HONEST)
def honest_sign(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """Is a cost in nats positive or negative? Which sign does your number have?"""
    recon, kl, _ = _measured(vae, x, num_samples, generator)
    return -(recon + kl)


@mistake("5.2", "summed over draws", HONEST)
def honest_sum_over_draws(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """Take twice as many draws: should the number double?"""
    recon, kl, _ = _measured(vae, x, num_samples, generator)
    return num_samples * (recon + kl)


@mistake("5.2", "the KL counts once for each draw", HONEST)
def honest_kl_for_each_draw(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """You average the reconstruction over draws. What happens to the KL when you take twice as many?"""
    recon, kl, _ = _measured(vae, x, num_samples, generator)
    return recon + num_samples * kl


@mistake("5.2", "summed over images", HONEST)
def honest_sum_over_images(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """Nats per image: what happens to your number if each image is there twice?"""
    recon, kl, _ = _measured(vae, x, num_samples, generator)
    return len(x) * (recon + kl)


@mistake("5.2", "averaged over pixels", HONEST)
def honest_mean_over_pixels(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """One of your terms is that of a pixel, the other that of an image. Can they be added?"""
    recon, kl, _ = _measured(vae, x, num_samples, generator)
    return recon / x.shape[1] + kl


@mistake("5.2", "one number for each draw", HONEST)
def honest_each_draw(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """What is the shape of your result? What makes one number of num_samples numbers?"""
    with torch.no_grad():
        mu, log_var = vae.posterior(x)
        draws = [vae.reparameterize(mu, log_var, generator=generator) for _ in range(num_samples)]
        return torch.stack([vae.loss(vae.decode(z), x, mu, log_var)[0] for z in draws])


@mistake("5.2", "the gradient is still recorded", HONEST)
def honest_with_gradient(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """Nothing is trained with this number. What does torch keep in memory for each of your draws while it records
    gradients?
    """
    mu, log_var = vae.posterior(x)
    draws = [vae.reparameterize(mu, log_var, generator=generator) for _ in range(num_samples)]
    return torch.stack([vae.loss(vae.decode(z), x, mu, log_var)[0] for z in draws]).mean()


@mistake("5.2", "the generator is ignored", HONEST)
def honest_without_generator(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """Measure twice with a generator of the same seed: is it the same number? What must you pass on, and to which
    function?
    """
    recon, kl, _ = _measured(vae, x, num_samples, None)
    return recon + kl


@mistake("5.2", "the same noise each time", HONEST)
def honest_fixed_noise(vae: Any, x: Any, num_samples: int = 16, generator: Any = None) -> Any:
    """Measure twice without a seed: two draws should give two numbers. Why are yours the same?"""
    return _measured(vae, x, num_samples, torch.Generator().manual_seed(0))[0] + _measured(vae, x, 1, None)[1]


# 5.4 mended_run


def _run(vae: Any, optimizer: Any, images: Any, epochs: int, noise: Any, beta: float = 1.0) -> list[float]:
    """A run whose noise in each epoch is what `noise` makes of mu."""
    curve = []
    for _ in range(epochs):
        mu, log_var = vae.posterior(images)
        terms = vae.loss(vae.decode(mu + torch.exp(0.5 * log_var) * noise(mu)), images, mu, log_var, beta=beta)
        _step(optimizer, terms[0])
        curve.append(float(terms[0]))
    return curve


def _fixed(vae: Any, images: Any) -> Any:
    return torch.randn(vae.posterior(images)[0].shape)


@mistake("5.4", "the bug is still there", FLOOR)
def run_with_fixed_noise(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """Your run reports less than ln N, which no VAE can reach, and the honest -ELBO is far above. Which noise does the
    decoder see for an image in the first epoch, which in the second, and which when you measure?
    """
    eps = _fixed(vae, images)
    return _run(vae, optimizer, images, epochs, lambda _: eps)


@mistake("5.4", "the noise is gone altogether", FLOOR)
def run_without_noise(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """Without noise the curve is smooth. But what does the decoder know of the points around mu, from which the honest
    measure and every new image are drawn?
    """
    return _run(vae, optimizer, images, epochs, torch.zeros_like)


@mistake("5.4", "the same noise for all images, and in all epochs", FLOOR)
def run_with_shared_noise(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """You draw one noise for all images. How many draws does the decoder see over all epochs: one, or many?"""
    eps = _fixed(vae, images)[:1]
    return _run(vae, optimizer, images, epochs, lambda mu: eps.expand_as(mu))


@mistake("5.4", "a seed before each epoch", FLOOR)
def run_with_seed(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """What does a seed do to the draws that follow it? How often do you set it, and how many draws are alike then?"""

    def noise(mu: Any) -> Any:
        torch.manual_seed(0)
        return torch.randn(mu.shape)

    return _run(vae, optimizer, images, epochs, noise)


@mistake("5.4", "the KL is left out", FLOOR)
def run_without_kl(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """Your run reports a small number, and the honest -ELBO is huge. Which of its two terms does your total lack?"""
    return _run(vae, optimizer, images, epochs, lambda mu: torch.randn(mu.shape), beta=0.0)


@mistake("5.4", "one epoch only", FLOOR)
def run_once(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """How many numbers does your curve have? Where does your `return` stand: in the loop, or after it?"""
    return _run(vae, optimizer, images, 1, lambda mu: torch.randn(mu.shape))


@mistake("5.4", "one epoch too few", FLOOR)
def run_one_less(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """Count with epochs = 3: how many times does your loop run?"""
    return _run(vae, optimizer, images, epochs - 1, lambda mu: torch.randn(mu.shape))


@mistake("5.4", "only the last total", FLOOR)
def run_last(vae: Any, optimizer: Any, images: Any, epochs: int) -> Any:
    """What is asked for is a curve. What do you return: all of its numbers, or one of them?"""
    return _run(vae, optimizer, images, epochs, lambda mu: torch.randn(mu.shape))[-1]
