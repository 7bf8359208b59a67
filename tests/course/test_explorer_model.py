"""What the explorer's scripts compute of models and images, and how they keep a view in the address."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course import snapshots
from course.explorer import lessons
from course.labelled import ConditionalVAE
from course.models import VAE
from course.objectives import kl, reconstruction
from course.patterns import lines64
from tests.course.explorer_scripts import Scripts
from tests.site.explorer_site import decode_in_numpy, encode_in_numpy, points, unseen_images

FEW = settings(max_examples=60, deadline=None)
DECODE = "(name, z, label) => z.map((row) => Array.from(model.decode(models[name], row, label)))"
ENCODE = """(name, x, label) => x.map((row) => {
  const { mu, logVar, costs } = model.encoded(models[name], encoders[name], row, label);
  return { heads: [...mu, ...(logVar ?? [])], costs };
})"""


@cache
def scripts(*names: str) -> Scripts:
    """With the models of these names, their encoders and the images that they are shown with."""
    data = dict.fromkeys(lessons.SHOWN[name].data for name in names)
    payloads = [lessons.data_script(one) for one in data]
    for name in names:
        payloads += [lessons.model_script(name), lessons.encoder_script(name)]
    return Scripts(payloads)


def labels_of(model: object) -> list[int | None]:
    return list(range(model.num_classes)) if isinstance(model, ConditionalVAE) else [None]


@pytest.mark.parametrize("name", lessons.SHOWN)
def test_it_decodes_as_numpy_and_as_torch_do(name: str) -> None:
    model = lessons.model(name)
    z = points(model.latent_dim)
    for label in labels_of(model):
        found = np.array(scripts(name)(DECODE, name, z.tolist(), label or 0))
        assert np.abs(found - decode_in_numpy(model, z, label)).max() < 1e-5
        with torch.no_grad():
            rows = () if label is None else (torch.full((len(z),), label),)
            x_hat = model.decode(torch.from_numpy(z), *rows).numpy()
        assert np.abs(found - x_hat).max() < 0.01


@pytest.mark.parametrize("name", lessons.SHOWN)
def test_it_encodes_and_weighs_as_numpy_and_as_torch_do(name: str) -> None:
    model = lessons.model(name)
    x = unseen_images(model)
    for label in labels_of(model):
        found = scripts(name)(ENCODE, name, x.tolist(), label or 0)
        heads = np.array([one["heads"] for one in found])
        assert np.abs(heads - encode_in_numpy(model, x, label)).max() < 1e-4
        with torch.no_grad():
            images, rows = torch.from_numpy(x), () if label is None else (torch.full((len(x),), label),)
            mu, log_var = model.posterior(images, *rows) if isinstance(model, VAE) else (model.encode(images), None)
            distortion = reconstruction(model.decode_logits(mu, *rows), images).numpy()
        assert np.abs(heads[:, : model.latent_dim] - mu.numpy()).max() < 0.05
        assert [one["costs"]["reconstruction"] for one in found] == pytest.approx(distortion, rel=0.02)
        if log_var is None:
            assert all(set(one["costs"]) == {"reconstruction"} for one in found)
            continue
        assert [one["costs"]["kl"] for one in found] == pytest.approx(kl(mu, log_var).numpy(), rel=0.01)
        for one in found:
            assert one["costs"]["bound"] == pytest.approx(one["costs"]["kl"] + one["costs"]["reconstruction"])


def test_a_broken_weight_does_not_pass() -> None:
    broken = Scripts([lessons.model_script("lines64-beta1"), lessons.encoder_script("lines64-beta1")])
    model, z, ink = lessons.model("lines64-beta1"), points(8), np.ones((1, 256), np.float32)
    broken("() => (models['lines64-beta1'].layers[1].weights[77] += 0.05)")
    broken("() => (encoders['lines64-beta1'].layers[2].bias[3] += 0.05)")
    decoded = np.array(broken(DECODE, "lines64-beta1", z.tolist(), 0))
    assert np.abs(decoded - decode_in_numpy(model, z, None)).max() > 1e-4
    [encoded] = broken(ENCODE, "lines64-beta1", ink.tolist(), 0)
    assert np.abs(np.array(encoded["heads"]) - encode_in_numpy(model, ink, None)).max() > 1e-4


def test_it_decodes_every_stage_of_a_training() -> None:
    shown, z = lessons.SHOWN["lines64-beta1"], points(8)
    loaded = Scripts([lessons.stages_script("lines64-beta1")])
    models = snapshots.snapshots(shown.data, shown.size, shown.settings, lessons.STAGES_AT)
    code = "(i, z) => z.map((row) => Array.from(model.decode(stages['lines64-beta1'][i], row)))"
    for i, (step, model) in enumerate(models.items()):
        assert loaded("(i) => stages['lines64-beta1'][i].step", i) == step
        assert np.abs(np.array(loaded(code, i, z.tolist())) - decode_in_numpy(model, z, None)).max() < 1e-5


@FEW
@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.lists(st.floats(-3, 3), min_size=4, max_size=4))
def test_the_kl_is_torchs(mu: list[float], log_var: list[float]) -> None:
    scale = torch.tensor(log_var, dtype=torch.float64).mul(0.5).exp()
    posterior = torch.distributions.Normal(torch.tensor(mu, dtype=torch.float64), scale)
    zeros = torch.zeros(4, dtype=torch.float64)
    expected = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(zeros, zeros + 1)).sum()
    assert scripts("lines64-ae")("model.kl", mu, log_var) == pytest.approx(float(expected), abs=1e-9)


def test_what_it_says_of_a_decode_is_what_the_set_says() -> None:
    images, page = lines64(), scripts("lines64-beta1")
    found = page("""() => {
      const shown = models["lines64-beta1"];
      return shown.mu.map((z) => model.nearestImage(data.lines64, model.decode(shown, z)));
    }""")
    assert [one["index"] for one in found] == list(range(64))
    assert all(one["valid"] and one["distance"] < 8 for one in found)
    generator = np.random.default_rng(1)
    for pixels in (np.full(256, 0.4), generator.random(256), np.abs(images.templates[9] - 0.3)):
        one = page("(x) => model.nearestImage(data.lines64, x)", pixels.tolist())
        distances = np.abs(images.templates - pixels).sum(axis=1)
        assert one["distance"] == pytest.approx(distances.min())
        assert distances[one["index"]] == pytest.approx(distances.min())
        assert one["valid"] == bool(((pixels > 0.5) == images.templates).all(axis=1).any())


def test_of_a_set_that_is_not_complete_nothing_is_said() -> None:
    assert scripts("fashion-2")("() => model.nearestImage(data['fashion-sample'], new Float32Array(784))") is None


@FEW
@given(st.integers(0, 200))
def test_a_sample_of_a_cloud_is_mu_and_sigma_times_its_noise(n: int) -> None:
    mu, sigma = [1.0, -2.0, 0.5], [0.1, 2.0, 0.0]
    page = scripts("lines64-ae")
    z = page("(mu, sigma, n) => model.sampleCloud({ mu, sigma }, n)", mu, sigma, n)
    noise = page("(n) => model.noise(3, n)", n) if n else [0, 0, 0]
    assert z == pytest.approx(np.array(mu) + np.array(sigma) * noise)
    assert z[2] == 0.5


RESTORE = """(hash) => {
  const given = model.address.read("explorer", hash);
  const name = models[given.model] ? given.model : "lines64-beta1";
  const shown = models[name];
  const state = model.restoredState(name, shown, data[shown.data], given, true);
  return { ...state, z: [...state.z], sketch: state.sketch && [...state.sketch], given };
}"""
HALF = "0" * 24 + "ff00" + "0" * 36
FIRST: dict[str, Any] = {
    "model": "lines64-beta1", "stage": None, "samples": 0, "label": 0, "sketch": None, "background": "none", "seed": 0,
    "way": "lerp", "t": None,
}  # fmt: skip
LINKS: dict[str, dict[str, Any]] = {  # as readers have saved them
    "m=lines64-beta1&x=pca": {"axes": "pca"},
    "m=lines64-beta1&i=20": {"image": 20},
    "m=lines64-beta1&bg=class&i=20": {"image": 20, "background": "class"},
    "m=lines64-beta1&i=20&e=30": {"image": 20, "samples": 30},
    "m=lines64-beta1&t=0.5": {"t": 0.5},
    "m=lines64-beta1&step=3&i=20": {"image": 20, "given": {"model": "lines64-beta1", "stage": 3, "image": 20}},
    "m=lines64-cvae&bg=grid": {"model": "lines64-cvae", "background": "grid"},
    f"m=lines64-beta1&i=own&d={HALF}": {"image": -2, "sketch": [int(bit) for bit in f"{int(HALF, 16):0256b}"]},
    "m=lines64-beta1&z=0.1,-2,0,0,0,0,0,1&x=3,1&bg=none&s=4&a=1,1,1,1,1,1,1,1&b=0,0,0,0,0,0,0,2&w=slerp": {
        "z": [0.1, -2, 0, 0, 0, 0, 0, 1], "axes": [3, 1], "seed": 4, "a": [1] * 8, "b": [0] * 7 + [2], "way": "slerp",
    },
    # and what makes no sense
    "m=none&z=1,2": {}, "z=NaN,1,2,3,4,5,6,7": {}, "i=9999&x=3,77&bg=lava&t=9": {}, "z=&a=1&s=x&l=-1&step=2.5": {},
    "%F0%9F": {}, "i=own&d=ff": {}, "d=" + "g" * 64: {}, "w=toString&bg=constructor": {}, "l=7": {}, "toString=1": {},
}  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_a_saved_link_is_the_view_it_was(link: str) -> None:
    page = scripts("lines64-beta1", "lines64-cvae")
    found = page(RESTORE, f"#explorer?{link}")
    expected = {**FIRST, **LINKS[link]}
    if found["model"] == "lines64-cvae":
        expected["label"] = found["label"]
    assert {name: found[name] for name in expected} == expected
    if not LINKS[link]:
        first = page("() => ({ ...model.firstState('lines64-beta1', models['lines64-beta1'], data.lines64) })")
        assert found["z"] == pytest.approx(first["z"])
        assert (found["image"], found["axes"]) == (first["image"], first["axes"])


def test_a_link_may_leave_z_to_an_image_a_sample_and_a_place_on_the_way() -> None:
    page = scripts("lines64-beta1", "lines64-cvae")
    mu, sigma = (page(f"() => [...models['lines64-beta1'].{name}[20]]") for name in ("mu", "sigma"))
    assert page(RESTORE, "#explorer?m=lines64-beta1&i=20")["z"] == pytest.approx(mu)
    noise = np.array(page("() => model.noise(8, 3)"))
    assert page(RESTORE, "#explorer?m=lines64-beta1&i=20&e=3")["z"] == pytest.approx(mu + np.array(sigma) * noise)
    way = page(RESTORE, "#explorer?m=lines64-beta1&t=0.25")
    assert way["z"] == pytest.approx(0.75 * np.array(way["a"]) + 0.25 * np.array(way["b"]))
    label = page("() => data.lines64.labels[20]")
    assert page(RESTORE, "#explorer?m=lines64-cvae&i=20")["label"] == label


def test_an_address_of_another_explorer_says_nothing() -> None:
    assert scripts("lines64-ae")("(hash) => model.address.read('explorer', hash)", "#lab?m=lines64-ae") is None


NUMBERS = st.floats(-9000, 9000).map(lambda value: round(value, 3))
Z = st.lists(NUMBERS, min_size=8, max_size=8)


@FEW
@given(
    st.fixed_dictionaries({
        "model": st.sampled_from(["lines64-beta1", "lines64-ae"]), "stage": st.none() | st.integers(0, 9), "z": Z,
        "image": st.integers(-2, 63), "samples": st.integers(0, 50), "label": st.integers(0, 3),
        "axes": st.just("pca") | st.permutations(range(8)).map(lambda order: list(order[:2])),
        "background": st.sampled_from(["none", "grid", "class"]), "seed": st.integers(0, 50), "a": Z, "b": Z,
        "way": st.sampled_from(["lerp", "slerp", "blend"]),
        "t": st.none() | st.floats(0, 1).map(lambda value: round(value, 3)),
        "sketch": st.none() | st.lists(st.integers(0, 1), min_size=256, max_size=256),
    })
)  # fmt: skip
def test_the_address_gives_back_every_entry_of_the_state(entries: dict[str, Any]) -> None:
    code = """(entries) => {
      const state = new model.State(entries);
      const given = model.address.read("explorer", model.address.write("explorer", state));
      return { ...given, sketch: given.sketch ? [...given.sketch] : null };
    }"""
    left_out = {"image": -1, "samples": 0, "label": 0, "seed": 0, "stage": None, "t": None, "sketch": None}
    found = {**left_out, **scripts("lines64-ae")(code, entries)}
    assert found == entries


def test_every_entry_of_the_state_has_a_place_in_the_address() -> None:
    page = scripts("lines64-ae")
    code = """() => model.address.write("explorer", new model.State({ stage: 1, image: 1, samples: 1, label: 1, seed: 1,
      t: 1, sketch: new Float32Array(4) })).split("&").length"""
    assert page(code) == len(page("() => Object.keys(new model.State())"))


def test_another_model_shows_the_same_images() -> None:
    page = scripts("lines64-beta1", "lines64-ae")
    code = """(image) => {
      const [from, to] = [models["lines64-beta1"], models["lines64-ae"]];
      const first = model.firstState("lines64-beta1", from, data.lines64);
      const [z, a, b] = [7, 5, 40].map((i) => from.mu[i]);
      const state = new model.State({ ...first, image, z, a, b, samples: 3, t: 1 });
      const moved = model.movedState(state, from, to, data.lines64.labels, { name: "lines64-ae", stage: null });
      return { ...moved, expected: [7, 5, 40].map((i) => [...to.mu[i]]), order: to.order };
    }"""
    for image, becomes in ((7, 7), (-1, 7), (-2, -2)):
        found = page(code, image)
        assert (found["image"], found["samples"], found["t"]) == (becomes, 0, None)
        assert [found["z"], found["a"], found["b"]] == [pytest.approx(each) for each in found["expected"]]
        assert found["axes"] == found["order"][:2]
