"""What is special to the exercise of lesson 5: runs that are judged by what their VAE is worth."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import distributions

from autograder.check_course import _bare, _secret_lines
from autograder.engine.calls import Answer, Call, Leaf, Many
from autograder.engine.judging import small_vae
from autograder.engine.judging.comparison import close
from autograder.engine.verdicts import State, Wrong
from autograder.engine.wire import Array
from autograder.engine.worker_process.models import SmallVAE
from autograder.test_training import BAR, COUNT, HIDDEN, LATENT, STEPS, shuffled_lines
from course.starters import generate
from tests.autograder.harness import Harness, states_of
from tests.autograder.submissions import ROOT, stub

Step = Callable[[SmallVAE, torch.Tensor, torch.Tensor], torch.Tensor]


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness("training", tmp_path_factory.mktemp("training"))
    yield made
    made.close()


def built(seed: int) -> tuple[SmallVAE, Array]:
    """The VAE and the images of a run."""
    rng = np.random.default_rng(seed)
    x = shuffled_lines(rng)
    model = small_vae.untrained(rng, x.shape[1], HIDDEN, LATENT)
    return SmallVAE({name: torch.from_numpy(array) for name, array in model.arrays.items()}), x


def worth(vae: SmallVAE, x: Array) -> small_vae.Worth:
    arrays = {name: parameter.detach().numpy() for name, parameter in vae.named_parameters()}
    return small_vae.worth(arrays, x, np.random.default_rng(0))


def trained(seed: int, step: Step, rate: float = 1e-2, batch: int = COUNT, clear: bool = True) -> float:
    """The honest -ELBO after a run of Adam, all whose steps minimise what `step` makes of images and noise."""
    torch.manual_seed(seed)
    vae, images = built(seed)
    x, first = torch.from_numpy(images), torch.randn(COUNT, LATENT)
    optimizer = torch.optim.Adam(vae.parameters(), lr=rate)
    for _ in range(STEPS):
        rows = torch.randperm(COUNT)[:batch] if batch < COUNT else torch.arange(COUNT)
        if clear:
            optimizer.zero_grad()
        loss: Any = step(vae, x[rows], first[rows])
        loss.backward()
        optimizer.step()
    return worth(vae, images).total


def objective(vae: SmallVAE, x: torch.Tensor, eps: torch.Tensor | None, beta: float = 1.0) -> torch.Tensor:
    mu, log_var = vae.posterior(x)
    return vae.loss(vae.decode(vae.reparameterize(mu, log_var, eps=eps)), x, mu, log_var, beta)[0]


def test_right_runs_reach_the_bar_with_room_and_faults_stay_far_above() -> None:
    def plain(vae: SmallVAE, x: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
        return objective(vae, x, None)

    floor = math.log(COUNT)
    for seed in range(4):
        assert floor < trained(seed, plain) < 0.6 * BAR
    assert trained(5, plain, rate=3e-3) < BAR
    assert trained(6, plain, rate=2e-2) < BAR
    assert trained(7, plain, batch=4) < BAR
    faults: dict[str, Step] = {
        "one noise": lambda vae, x, eps: objective(vae, x, eps),
        "no noise": lambda vae, x, eps: objective(vae, x, torch.zeros_like(eps)),
        "no KL": lambda vae, x, _: objective(vae, x, None, beta=0.0),
        "a mean over pixels": lambda vae, x, _: objective(vae, x, None, beta=256.0),
    }
    for seed, (name, fault) in enumerate(faults.items()):
        assert trained(seed, fault) > 1.5 * BAR, name
    assert trained(9, plain, clear=False) > 1.5 * BAR


def test_the_worth_of_a_vae_is_what_torch_says() -> None:
    vae, images = built(3)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.mul_(2)
        x = torch.from_numpy(images)
        mu, log_var = vae.posterior(x)
        of: Any = distributions
        q = of.Normal(mu, torch.exp(0.5 * log_var))
        kl = of.kl_divergence(q, of.Normal(0.0, 1.0)).sum(1).mean()
        z = q.sample((4000,))
        nats = -of.Bernoulli(probs=vae.decode(z)).log_prob(x).sum(-1)  # (4000, N)
        at_mu = -of.Bernoulli(probs=vae.decode(mu)).log_prob(x).sum(-1).mean()
    found = worth(vae, images)
    error = float(nats.std()) / math.sqrt(64 * len(x))
    assert abs(found.recon - float(nats.mean())) < 5 * error
    assert found.kl == pytest.approx(float(kl), rel=1e-5)
    assert found.at_mu == pytest.approx(float(at_mu), rel=1e-5)
    assert found.total == found.recon + found.kl


def test_the_expected_measure_of_one_image_is_its_worth() -> None:
    rng = np.random.default_rng(8)
    model = small_vae.probe(rng, 20, 8, 3, 0.6)
    x = rng.uniform(0.1, 0.9, (1, 20)).astype(np.float32)
    mean, spread = small_vae.expected(model, x, rng)
    some = [small_vae.worth(model.arrays, x, np.random.default_rng(seed)).total for seed in range(200)]
    assert np.mean(some) == pytest.approx(mean, abs=5 * spread / math.sqrt(200 * 64))
    assert np.std(some) == pytest.approx(spread / 8, rel=0.25)


def given_and_got(*arrays: Array) -> tuple[Call, Answer]:
    model = small_vae.untrained(np.random.default_rng(1), 9, 4, 2)
    shown = [Leaf(array) for array in model.arrays.values()]
    return Call("train", [model]), Answer(result=Many("list", [Leaf(array) for array in arrays]), seen={"0": shown})


def test_parameters_are_those_that_come_back_in_their_shapes_and_finite() -> None:
    call, answer = given_and_got()
    right = call.args[0].arrays
    assert all(close(array, right[name], 0) for name, array in small_vae.parameters(call, answer).items())
    zeros = [np.zeros_like(array) for array in right.values()]
    assert not any(array.any() for array in small_vae.parameters(*given_and_got(*zeros)).values())
    for odd in (zeros[:-1], zeros[::-1], [zeros[0][:1], *zeros[1:]]):  # something else was returned
        assert set(small_vae.parameters(*given_and_got(*odd))) == set(right)
    for bad in (np.nan, np.inf):
        with pytest.raises(Wrong, match="NaN or infinite"):
            small_vae.parameters(*given_and_got(*zeros[:-1], zeros[-1] + np.float32(bad)))
    for shown in ([], [Leaf(zeros[0])] * len(zeros)):
        with pytest.raises(Wrong, match="in their shapes"):
            small_vae.parameters(call, Answer(seen={"0": shown}))


def test_runs_are_blocked_and_never_wrong_where_the_step_is_not_done(harness: Harness) -> None:
    states = states_of(harness.grade(harness.text({"5.1": stub("5.1")})))
    assert states == {"5.1": "not started", "5.2": "done", "5.3": "blocked", "5.4": "blocked"}
    outcomes = harness.grade(harness.text({"5.1": "return 0.0, 0.0, 0.0"}))
    assert states_of(outcomes) == {"5.1": "wrong", "5.2": "done", "5.3": "blocked", "5.4": "blocked"}
    assert outcomes["5.3"].finding.by == "5.1"


def test_a_run_with_a_step_of_its_own_is_done_before_the_step_is(harness: Harness) -> None:
    body = """
    optimizer = torch.optim.Adam(vae.parameters(), lr=1e-2)
    for _ in range(steps):
        mu, log_var = vae.posterior(images)
        total, _, _ = vae.loss(vae.decode(vae.reparameterize(mu, log_var)), images, mu, log_var)
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
    return vae
    """
    states = states_of(harness.grade(harness.text({"5.1": stub("5.1"), "5.3": body}), numbers=["5.1", "5.3"]))
    assert states == {"5.1": "not started", "5.3": "done"}


def test_what_a_run_says_of_itself_is_not_believed(harness: Harness) -> None:
    """A VAE made for one noise reports less than any can. Neither the report nor the seed of the call helps it."""
    body = """
    optimizer = torch.optim.Adam(vae.parameters(), lr=2e-2)
    with torch.no_grad():
        shape = vae.posterior(images)[0].shape
    noise = torch.randn(64, *shape, generator=torch.Generator().manual_seed(torch.initial_seed() % (1 << 40)))
    for step in range(steps):
        mu, log_var = vae.posterior(images)
        z = vae.reparameterize(mu, log_var, eps=noise[0])
        optimizer.zero_grad()
        vae.loss(vae.decode(z), images, mu, log_var)[0].backward()
        optimizer.step()
    vae.loss = lambda *_, **__: (0.0, 0.0, 0.0)
    return vae
    """
    finding = harness.grade(harness.text({"5.3": body}), numbers=["5.3"])["5.3"].finding
    assert finding.state is State.WRONG
    assert "what noise did the decoder see" in finding.got


@pytest.mark.parametrize(
    "last", ["", "return {'negative_elbo': 2.5}", "return [training_step(vae, optimizer, images)]"]
)
def test_a_run_returns_the_vae_and_nothing_else(harness: Harness, last: str) -> None:
    loop = "for _ in range(5):\n    training_step(vae, optimizer, images)"
    body = f"optimizer = torch.optim.Adam(vae.parameters(), lr=1e-2)\n{loop}\n{last}"
    finding = harness.grade(harness.text({"5.3": body}), numbers=["5.3"])["5.3"].finding
    assert (finding.state, finding.expected) == (State.WRONG, "the trained VAE, `vae` itself or a copy")


IMPORTS = """
import sys, torch
from autograder.engine.worker_process import settings
settings.run_uncompiled()
p = torch.nn.Parameter(torch.ones(3))
optimizer = torch.optim.Adam([p], lr=0.1)
p.sum().backward()
optimizer.step()
optimizer.zero_grad()
assert "torch._dynamo.eval_frame" not in sys.modules
assert torch.allclose(p, torch.full((3,), 0.9))
import torch._dynamo.config
assert "torch._dynamo.eval_frame" in sys.modules
torch._dynamo.reset()
optimizer.step()
"""


def test_an_optimizer_does_without_the_compiler_and_who_asks_for_it_gets_it() -> None:
    result = subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("starter", generate(ROOT / "solutions"))
def test_no_starter_holds_a_line_of_a_solution(starter: str) -> None:
    """Not even in the code that is given, such as a loop with a bug."""
    shown = _bare(generate(ROOT / "solutions")[starter])
    texts = [path.read_text("utf-8") for path in (ROOT / "solutions").glob("*_solution.py")]
    found = {line for text in texts for line in _secret_lines(text) if line in shown}
    everywhere = {"withtorch.no_grad():", "optimizer.zero_grad()", "optimizer.step()"}  # in every loop of torch
    assert found <= everywhere
