"""``.. live-training::``: what learns in the page learns what torch learns, and answers hand and keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from course.models import VAE
from course.patterns import lines64
from tests.site.page_checks import faults
from tests.site.sample_site import Site

Build = Callable[..., Site]
PAGE = ".. live-training:: lines64\n\n   Press *Play*.\n"
HERE = "latentExplorer.learning[0]"
# Learner N has the images, N latent dimensions and the weights of seed 5.
MAKE = "(latent) => new latentExplorer.model.Learner(latentExplorer.data.lines64.images, { latent, seed: 5 })"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("live")
    (source / "index.rst").write_text(f"Page\n====\n\n{PAGE}", encoding="utf-8")
    built = Site(source).build()
    assert built.warnings == ""
    return built.out


@pytest.fixture
def page(site: Path, browser: Browser) -> Iterator[Page]:
    wrong: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((site / "index.html").as_uri())
    page.wait_for_function("globalThis.latentExplorer?.learning")
    yield page
    page.close()
    assert wrong == []


def numbers(page: Page, code: str, *given: Any) -> NDArray[np.float64]:
    return np.array(page.evaluate(code, *given), np.float64)


def in_torch(theta: NDArray[np.floating], latent: int) -> VAE:
    """The course's own model with the weights of the page, in double precision."""
    model = VAE(256, 32, latent).double()
    parameters = list(model.parameters())
    assert sum(p.numel() for p in parameters) == theta.size
    at = 0
    for p in parameters:
        p.data = torch.from_numpy(theta[at : at + p.numel()].reshape(p.shape))
        at += p.numel()
    return model


@pytest.mark.parametrize(("latent", "beta"), [(2, 0.0), (8, 1.0), (4, 32.0)])
def test_loss_and_gradient_are_those_of_torch(page: Page, latent: int, beta: float) -> None:
    code = f"""([latent, beta]) => {{
      const learner = ({MAKE})(latent), theta = Array.from(learner.theta), work = learner.step(beta);
      let done = false, value = null;
      while (!done) ({{ done, value }} = work.next());
      return {{ theta, eps: [...learner.eps], gradient: [...learner.gradient], kl: [...value.kl],
        reconstruction: value.reconstruction }};
    }}"""
    found = page.evaluate(code, [latent, beta])
    model = in_torch(np.array(found["theta"]), latent)
    x = torch.from_numpy(lines64().images).double()
    eps = torch.tensor(found["eps"], dtype=torch.float64).reshape(64, latent)
    mu, log_var = model.posterior(x)
    logits = model.decode_logits(model.reparameterize(mu, log_var, eps))
    reconstruction = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum") / 64
    each = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).mean(dim=0)
    (reconstruction + beta * each.sum()).backward()  # type: ignore[no-untyped-call]
    assert found["reconstruction"] == pytest.approx(reconstruction.item(), rel=1e-5)
    assert np.allclose(found["kl"], each.detach(), rtol=1e-4, atol=1e-6)
    gradient = torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])
    scale = float(gradient.abs().max())
    assert np.abs(np.array(found["gradient"]) - gradient.numpy()).max() < 1e-5 * scale


def test_thirty_steps_lead_where_torchs_adam_leads(page: Page) -> None:
    code = f"""() => {{
      const learner = ({MAKE})(8), theta = Array.from(learner.theta), noise = [];
      for (let n = 0; n < 30; n++) {{
        const work = learner.step(1);
        while (!work.next().done);
        noise.push([...learner.eps]);
      }}
      return {{ theta, noise, after: Array.from(learner.theta) }};
    }}"""
    found = page.evaluate(code)
    model = in_torch(np.array(found["theta"]), 8)
    x = torch.from_numpy(lines64().images).double()
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.99))
    for step, eps in enumerate(found["noise"], start=1):
        optimizer.param_groups[0]["lr"] = 5e-3 * step / 100
        mu, log_var = model.posterior(x)
        z = model.reparameterize(mu, log_var, torch.tensor(eps, dtype=torch.float64).reshape(64, 8))
        logits = model.decode_logits(z)
        reconstruction = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum") / 64
        kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum() / 64
        optimizer.zero_grad()
        (reconstruction + kl).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    after = torch.cat([p.detach().flatten() for p in model.parameters()]).numpy()
    moved = np.abs(after - np.array(found["theta"])).max()
    assert moved > 0.01
    assert np.abs(np.array(found["after"]) - after).max() < 0.02 * moved


def test_the_same_seed_gives_the_same_run_and_another_one_another(page: Page) -> None:
    code = """(seed) => {
      const learner = new latentExplorer.model.Learner(latentExplorer.data.lines64.images, { latent: 4, seed });
      for (let n = 0; n < 20; n++) { const work = learner.step(1); while (!work.next().done); }
      return Array.from(learner.theta);
    }"""
    one, again, other = (page.evaluate(code, seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_a_training_is_played_stepped_and_started_again(page: Page) -> None:
    words = page.locator(".explorer-words")
    expect(words).to_have_text("Before the first step.")
    page.get_by_role("button", name="One step").click()
    expect(words).to_contain_text("Step 1:")
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"{HERE}.learner.steps > 30")
    page.get_by_role("button", name="Pause").click()
    steps = page.evaluate(f"{HERE}.learner.steps")
    expect(page.locator(".explorer-live")).to_contain_text(f"Step {steps}:")
    page.get_by_label("Latent dimensions").select_option("2")
    expect(words).to_have_text("Before the first step.")
    assert page.locator(".learning-bars > div").count() == 2
    page.get_by_label("Seed").fill("12345")
    page.get_by_label("Seed").press("Enter")
    expect(page.get_by_label("Seed")).to_have_value("999")
    page.get_by_label("beta").press("End")
    expect(page.get_by_label("beta")).to_have_attribute("aria-valuetext", "beta 64")


def test_a_collapse_can_be_watched_and_taken_back(page: Page) -> None:
    """As lesson 5 says: above the threshold the null is paid and nothing is said; below it, the clouds come apart."""
    page.get_by_label("beta").press("End")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"{HERE}.learner.steps >= 500", timeout=60_000)
    page.get_by_role("button", name="Pause").click()
    costs = page.evaluate(f"({{ kl: {HERE}.history.kl.at(-1), reconstruction: {HERE}.history.reconstruction.at(-1) }})")
    null = page.evaluate(f"{HERE}.levels[0][1]")
    share = lines64().images.mean(axis=0)
    entropy = -sum(p * np.log(p) for p in (*share, *(1 - share)) if p > 0)
    assert null == pytest.approx(entropy, rel=1e-5)
    assert costs["kl"] < 0.05
    assert abs(costs["reconstruction"] - null) < 1.5
    page.get_by_label("beta").fill("4")  # the fifth: beta 1
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"{HERE}.learner.steps >= 850", timeout=60_000)
    assert page.evaluate(f"{HERE}.history.kl.at(-1)") > 5
    assert page.evaluate(f"{HERE}.history.total.at(-1)") < null - 20


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_the_page_has_no_faults(site: Path, browser: Browser, width: int, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert faults(page, site / "index.html", site) == []
    page.close()


def test_an_unknown_data_set_is_a_warning_with_those_there_are(build: Build) -> None:
    assert "a live training has no data set 'moons'; there are: lines64" in build(".. live-training:: moons\n").warnings
