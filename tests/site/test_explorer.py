"""The explorer in a real browser: what it decodes, and what mouse, finger, keyboard and address do."""

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, BrowserContext, Page, expect

from course import explorer_models, explorer_own, explorer_page, stages
from course.labelled import ConditionalVAE
from course.models import LatentModel
from course.patterns import lines64
from tests.site import explorer_site
from tests.site.page_checks import faults

Open = Callable[..., Page]
HERE = "latentExplorer.here[0]"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return explorer_site.write(tmp_path_factory.mktemp("explorer")).parent


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # which browsers ask for by themselves
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """The same folder over HTTP."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


@pytest.fixture
def visit(browser: Browser, folder: Path) -> Iterator[Open]:
    """Open the page, or another address, in a browser of its own; anything that goes wrong in it fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def visit(address: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        whole = address if "://" in address else (folder / "index.html").as_uri() + address
        page.goto(whole)
        page.wait_for_function(f"globalThis.latentExplorer?.here && {HERE}.pixels", timeout=8000)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [words for words in wrong if "ERR_FILE_NOT_FOUND" not in words] == []


def settle(page: Page) -> None:
    """Wait until everything is drawn, said and written to the address."""
    page.wait_for_timeout(500)


def state(page: Page, name: str) -> Any:
    return page.evaluate(f"{HERE}.state.{name}")


def load_all(page: Page) -> None:
    page.get_by_role("button", name="Fashion-MNIST").click()
    page.wait_for_function("latentExplorer.models['fashion-8']")


def decoded(page: Page, expression: str, z: np.ndarray, label: int | None) -> np.ndarray:
    """x_hat (B, D) as the page computes it, by the model that a JavaScript expression names."""
    code = f"([z, label]) => z.map((row) => Array.from(latentExplorer.decode({expression}, row, label)))"
    return np.array(page.evaluate(code, [z.tolist(), label or 0]))


@pytest.mark.parametrize("name", explorer_models.SHOWN)
def test_it_decodes_as_numpy_and_as_torch_do(visit: Open, name: str) -> None:
    page, model = visit(), explorer_site.model(name)
    load_all(page)
    z = explorer_site.points(model.latent_dim)
    labels = range(model.num_classes) if isinstance(model, ConditionalVAE) else [None]
    for label in labels:
        came = decoded(page, f"latentExplorer.models['{name}']", z, label)
        assert np.abs(came - explorer_site.decode_in_numpy(model, z, label)).max() < 1e-5
        with torch.no_grad():
            given = () if label is None else (torch.full((len(z),), label),)
            x_hat = model.decode(torch.from_numpy(z), *given).numpy()
        assert np.abs(came - x_hat).max() < 0.01


def test_it_decodes_every_stage_of_a_training(visit: Open) -> None:
    page, shown = visit(), explorer_models.SHOWN["lines64-beta1"]
    page.get_by_role("button", name=re.compile("Load ten moments")).click()
    page.wait_for_function("latentExplorer.stages['lines64-beta1']")
    models = stages.stages(shown.data, shown.size, shown.settings, explorer_models.STAGES_AT)
    z = explorer_site.points(8)
    for i, (step, model) in enumerate(models.items()):
        assert page.evaluate(f"latentExplorer.stages['lines64-beta1'][{i}].step") == step
        came = decoded(page, f"latentExplorer.stages['lines64-beta1'][{i}]", z, None)
        assert np.abs(came - explorer_site.decode_in_numpy(model, z, None)).max() < 1e-5


def test_a_broken_weight_does_not_pass(visit: Open) -> None:
    page, model = visit(), explorer_site.model("lines64-beta1")
    z = explorer_site.points(8)
    page.evaluate("latentExplorer.models['lines64-beta1'].layers[1].weights[77] += 0.05")
    came = decoded(page, "latentExplorer.models['lines64-beta1']", z, None)
    assert np.abs(came - explorer_site.decode_in_numpy(model, z, None)).max() > 1e-4


def test_what_it_says_of_a_decode_is_what_the_set_says(visit: Open) -> None:
    page, images = visit(), lines64()
    found = page.evaluate("""() => {
      const [model, data] = [latentExplorer.models['lines64-beta1'], latentExplorer.data.lines64];
      return model.mu.map((z) => latentExplorer.nearest(data, latentExplorer.decode(model, z)));
    }""")
    assert [one["index"] for one in found] == list(range(64))
    assert all(one["valid"] and one["distance"] < 8 for one in found)
    grey = np.full(256, 0.4)
    one = page.evaluate("(x) => latentExplorer.nearest(latentExplorer.data.lines64, x)", grey.tolist())
    distances = np.abs(images.templates - grey).sum(axis=1)
    assert one["distance"] == pytest.approx(distances.min())
    assert distances[one["index"]] == pytest.approx(distances.min())
    assert not one["valid"]


def test_ways_are_those_of_the_library(visit: Open) -> None:
    from course.latent import lerp, slerp

    page = visit()
    a, b = explorer_site.points(8)[1:3]
    for name, way in (("lerp", lerp), ("slerp", slerp)):
        code = f"([a, b]) => [0, 1, 2, 3, 4].map((k) => latentExplorer.{name}(a, b, k / 4))"
        came = np.array(page.evaluate(code, [a.tolist(), b.tolist()]))
        assert came == pytest.approx(way(torch.from_numpy(a), torch.from_numpy(b), 5).numpy(), abs=1e-5)


def test_draws_are_normal_and_the_same_for_the_same_seed(visit: Open) -> None:
    page = visit()
    code = "(seed) => Array.from({ length: 20000 }, latentExplorer.normal(seed))"
    first, again, other = (np.array(page.evaluate(code, seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.03
    assert abs(first.mean()) < 0.03
    assert abs(first.std() - 1) < 0.03
    assert abs((first**4).mean() - 3) < 0.3


def test_a_mouse_drags_the_point_and_the_decode_follows(visit: Open) -> None:
    page = visit(viewport={"width": 1280, "height": 900})
    box = page.locator(".explorer-map").bounding_box()
    assert box is not None
    before = state(page, "z")
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 90, steps=4)
    page.mouse.up()
    settle(page)
    z, (across, up) = state(page, "z"), state(page, "axes")
    plane = page.evaluate(f"(({{ half, middle }}) => [half, ...middle])({HERE}.plane)")
    half, x, y = plane
    assert z[across] == pytest.approx(x + (80 / box["width"] * 2 - 1) * half, abs=half / 60)
    assert z[up] == pytest.approx(y - (90 / box["height"] * 2 - 1) * half, abs=half / 60)
    assert [v for d, v in enumerate(z) if d not in (across, up)] == [
        pytest.approx(v) for d, v in enumerate(before) if d not in (across, up)
    ]
    shown = page.locator(".explorer-decode").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, 16, 16).data].filter((_, k) => k % 4 === 0)"
    )
    expected = explorer_site.decode_in_numpy(explorer_site.model("lines64-beta1"), np.array([z]), None)[0]
    assert np.abs(np.array(shown) - 255 * (1 - expected)).max() <= 1
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    assert state(page, "z") == z  # it was let go


def test_a_click_on_a_sign_goes_to_the_middle_of_its_cloud(visit: Open) -> None:
    page = visit()
    where = page.evaluate(f"""() => {{
      const box = document.querySelector('.explorer-map').getBoundingClientRect();
      const {{ plane }} = {HERE};
      const lone = [...plane.points.keys()].find((i) => i !== {HERE}.state.image && plane.points.every((p, k) =>
        k === i || Math.hypot(p[0] - plane.points[i][0], p[1] - plane.points[i][1]) > 0.3));
      const [x, y] = plane.points[lone].map((v, k) => (v - plane.middle[k]) / plane.half / 2);
      return [lone, box.left + box.width * (0.5 + x), box.top + box.height * (0.5 - y)];
    }}""")
    page.mouse.click(where[1], where[2])
    assert state(page, "image") == where[0]
    expect(page.locator(".explorer-formula")).to_contain_text("ε = 0")


def test_arrow_keys_move_points_and_sliders(visit: Open) -> None:
    page = visit()
    handle = page.get_by_role("slider", name="Point z")
    across, up = state(page, "axes")
    before = state(page, "z")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    step = page.evaluate(f"{HERE}.plane.half") / 40
    after = state(page, "z")
    assert after[across] - before[across] == pytest.approx(step)
    assert after[up] - before[up] == pytest.approx(5 * step)
    slider = page.locator(f".explorer-sliders input[data-dimension='{up}']")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert state(page, "z")[up] < after[up]
    end = page.get_by_role("slider", name="A, where the way begins")
    end.focus()
    a = state(page, "a")
    page.keyboard.press("ArrowLeft")
    assert state(page, "a")[across] == pytest.approx(a[across] - step)
    settle(page)
    expect(page.locator(".explorer-live")).to_contain_text("Decode:")


def test_a_finger_holds_the_point_and_scrolls_elsewhere(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    handle = page.get_by_role("slider", name="Point z")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    x, y = box["x"] + 22, box["y"] + 22
    session = page.context.new_cdp_session(page)
    before, top = state(page, "z"), page.evaluate("scrollY")

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x, y)
    for k in range(1, 6):
        touch("touchMove", x - 8 * k, y + 6 * k)
    touch("touchEnd")
    settle(page)
    assert state(page, "z") != before
    assert page.evaluate("scrollY") == top
    assert page.locator(".explorer-map").evaluate("c => getComputedStyle(c).touchAction") == "pan-y"
    plane = page.locator(".explorer-map").bounding_box()
    assert plane is not None
    moved = state(page, "z")
    page.touchscreen.tap(plane["x"] + 30, plane["y"] + 30)
    page.wait_for_timeout(200)
    assert state(page, "z") != moved


def test_targets_have_the_size_of_a_finger(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    page.get_by_role("button", name=re.compile("Load ten moments")).click()
    page.wait_for_function("latentExplorer.stages['lines64-beta1']")
    all_of_them = "button, select, input[type=range], .explorer-handle"
    small = page.evaluate(
        """(all) => [...document.querySelector('.explorer').querySelectorAll(all)]
      .filter((element) => element.offsetParent)
      .map((element) => [element.textContent, element.getBoundingClientRect()])
      .filter(([, box]) => box.height < 44 || box.width < 44)
      .map(([text, box]) => `${text} ${box.width} ${box.height}`)""",
        all_of_them,
    )
    assert small == []


def test_the_address_brings_a_view_back(visit: Open) -> None:
    page = visit()
    page.get_by_label("Model", exact=True).select_option("lines64-beta4")
    page.get_by_label("Behind").select_option("class")
    page.get_by_role("button", name="Sample the prior").click()
    page.get_by_role("button", name="Sample the prior").click()
    page.get_by_role("button", name="A is here").click()
    page.get_by_role("radio", name="arc").check()
    settle(page)
    assert "#explorer?m=lines64-beta4" in page.url
    first = page.evaluate(f"{HERE}.state")
    assert first["seed"] == 2
    again = visit(page.url)
    settle(again)
    second = again.evaluate(f"{HERE}.state")
    for name in ("model", "axes", "back", "way", "seed", "stage", "image"):
        assert second[name] == first[name], name
    assert second["z"] == pytest.approx(first["z"], abs=1e-3)
    assert second["a"] == pytest.approx(first["a"], abs=1e-3)


def test_a_link_to_a_stage_of_training_loads_it(visit: Open) -> None:
    page = visit("#explorer?m=lines64-beta1&step=3&i=9")
    page.wait_for_function(f"{HERE}.state.stage === 3")
    expect(page.locator(".explorer-training output")).to_have_text("step 300 of 4000")
    mu = page.evaluate("Array.from(latentExplorer.stages['lines64-beta1'][3].mu[9])")
    assert state(page, "z") == pytest.approx(mu)


def test_a_link_may_leave_z_to_an_image_and_a_draw(visit: Open) -> None:
    page = visit("#explorer?m=lines64-beta1&i=20&e=3")
    z, mu = np.array(state(page, "z")), np.array(page.evaluate(f"Array.from({HERE}.model.mu[20])"))
    assert z == pytest.approx(np.array(page.evaluate(f"latentExplorer.draw({HERE}.model, 20, 3)")))
    assert np.abs(z - mu).max() > 0.1
    page.evaluate("location.hash = '#explorer?m=lines64-beta1&t=0.5'")
    page.wait_for_function(f"{HERE}.state.t === 0.5")
    a, b, z = (np.array(state(page, name)) for name in "abz")
    assert z == pytest.approx((a + b) / 2)


@pytest.mark.parametrize(
    "query", ["m=none&z=1,2", "z=NaN,1,2,3,4,5,6,7", "i=9999&x=3,77&bg=lava&t=9", "z=&a=1&s=x&l=-1&step=2.5", "%F0%9F"]
)
def test_an_address_that_makes_no_sense_is_no_view(visit: Open, query: str) -> None:
    page = visit(f"#explorer?{query}")
    assert state(page, "model") == "lines64-beta1"
    assert page.evaluate(f"{HERE}.pixels.every(Number.isFinite)")


def test_eps_is_drawn_again_inside_the_cloud(visit: Open) -> None:
    page = visit("#explorer?m=lines64-beta1&i=20")
    seen = []
    for _ in range(40):
        page.get_by_role("button", name="Draw ε again").click()
        seen.append(state(page, "z"))
    mu = np.array(page.evaluate(f"Array.from({HERE}.model.mu[20])"))
    sigma = np.array(page.evaluate(f"Array.from({HERE}.model.sigma[20])"))
    eps = (np.array(seen) - mu) / sigma
    assert abs(eps.mean()) < 0.2
    assert abs(eps.std() - 1) < 0.15
    expect(page.locator(".explorer-formula")).to_contain_text("draw 40")
    page.get_by_label("Model", exact=True).select_option("lines64-ae")
    expect(page.get_by_role("button", name="Draw ε again")).to_be_disabled()
    expect(page.locator(".explorer-formula")).to_contain_text("there is no cloud")


def test_collapsed_dimensions_are_last_and_marked(visit: Open) -> None:
    page = visit()
    worth = page.evaluate(f"{HERE}.model.kl")
    order = [
        int(d) for d in page.locator(".explorer-sliders input").evaluate_all("all => all.map(e => e.dataset.dimension)")
    ]
    assert [worth[d] for d in order] == sorted(worth, reverse=True)
    marked = page.locator(".explorer-collapsed input").evaluate_all("all => all.map(e => +e.dataset.dimension)")
    assert set(marked) == {d for d in order if worth[d] <= 0.01}
    assert marked


def test_a_conditional_model_draws_the_class_that_is_asked_for(visit: Open) -> None:
    page = visit("#explorer?m=lines64-cvae")
    label = page.get_by_label("Class to draw")
    z, seen = state(page, "z"), set()
    for name in ("diagonal", "horizontal", "vertical", "cross"):
        label.select_option(label=name)
        settle(page)
        assert state(page, "z") == z
        seen.add(page.evaluate(f"latentExplorer.data.lines64.labels[{HERE}.found.index]"))
    assert len(seen) >= 3
    page.get_by_label("Model", exact=True).select_option("lines64-beta1")
    expect(label).to_be_hidden()


def test_a_brush_marks_images_everywhere_by_mouse_and_by_keys(visit: Open) -> None:
    page = visit(viewport={"width": 1280, "height": 900})
    matrix = page.locator(".explorer-matrix")
    matrix.scroll_into_view_if_needed()
    box = matrix.bounding_box()
    assert box is not None
    cell = box["width"] / 4
    page.mouse.move(box["x"] + 0.3 * cell, box["y"] + 1.3 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * cell, box["y"] + 1.7 * cell, steps=3)
    page.mouse.up()
    chosen = page.evaluate(f"[...{HERE}.chosen]")
    first, second = page.evaluate(f"{HERE}.model.order.slice(0, 2)")
    reach = page.evaluate(
        f"Math.max(...{HERE}.model.mu.flatMap((c) => {HERE}.model.order.slice(0, 4).map((d) => Math.abs(c[d])))) * 1.08"
    )
    codes = np.array(page.evaluate(f"{HERE}.model.mu.map((c) => Array.from(c))"))
    inside = (np.abs(0.5 + codes[:, first] / reach / 2 - 0.45) <= 0.15) & (
        np.abs(0.5 - codes[:, second] / reach / 2 - 0.5) <= 0.2
    )
    assert abs(len(chosen) - inside.sum()) <= 2
    assert 0 < len(chosen) < 64
    matrix.press("Escape")
    assert page.evaluate(f"{HERE}.chosen") is None
    matrix.press("ArrowRight")
    assert page.evaluate(f"{HERE}.chosen.size") > 0
    page.get_by_role("button", name="Clear the selection").click()
    page.mouse.click(box["x"] + 2.5 * cell, box["y"] + 0.5 * cell)
    assert state(page, "axes") == [page.evaluate(f"{HERE}.model.order[2]"), first]


def test_the_ground_is_what_the_plane_decodes_to(visit: Open) -> None:
    page = visit()
    page.get_by_label("Behind").select_option("class")
    page.wait_for_function(f"{HERE}.valid > 0")
    page.wait_for_function(f"{HERE}.ground === 'done'")
    shown = page.evaluate(f"{HERE}.valid")
    side = 72
    z, (across, up) = np.array(state(page, "z")), state(page, "axes")
    half, x, y = page.evaluate(f"(({{ half, middle }}) => [half, ...middle])({HERE}.plane)")
    at = ((2 * np.arange(side) + 1) / side - 1) * half
    grid = np.tile(z, (side * side, 1))
    grid[:, across], grid[:, up] = np.tile(x + at, side), np.repeat(y + at, side)
    images = explorer_site.decode_in_numpy(explorer_site.model("lines64-beta1"), grid, None) > 0.5
    templates = {row.tobytes() for row in lines64().templates.astype(bool)}
    assert shown == pytest.approx(np.mean([row.tobytes() in templates for row in images]), abs=0.002)


def test_the_way_plays_and_pauses(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Play").last.click()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Pause").click()
    t = state(page, "t")
    assert 0 < t < 1
    page.wait_for_timeout(200)
    assert state(page, "t") == t
    a, b, z = (np.array(state(page, name)) for name in "abz")
    assert z == pytest.approx((1 - t) * a + t * b)
    page.get_by_role("radio", name="pixels blended").check()
    settle(page)
    expect(page.locator(".explorer-live")).to_contain_text("Blend of pixels")


def test_what_is_taken_away_is_this_view(visit: Open, tmp_path: Path) -> None:
    page = visit("#explorer?m=lines64-cvae&i=20")
    code = page.get_by_label("z as Python").input_value()
    names: dict[str, Any] = {}
    exec(code, names)
    expected = np.array(page.evaluate(f"Array.from({HERE}.pixels)"))
    assert np.abs(names["x_hat"].detach().numpy()[0] - expected).max() < 0.01
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture").click()
    picture = tmp_path / "picture.png"
    download.value.save_as(picture)
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size > 5000


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_fault_anywhere(browser: Browser, folder: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert faults(page, folder / "index.html", folder) == []
    page.close()


def test_it_works_over_http_too_and_asks_nobody_else(visit: Open, server: str) -> None:
    page = visit(server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    load_all(page)
    expect(page.get_by_role("button", name="Fashion-MNIST")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(f"{HERE}.pixels.length") == 784
    assert asked
    assert all(url.startswith(server.removesuffix("index.html")) for url in asked)


def test_what_cannot_be_loaded_is_said(visit: Open) -> None:
    page = visit()
    page.evaluate(f"{HERE}.options.more[0].files.push('missing.js')")
    page.get_by_role("button", name="Fashion-MNIST").click()
    expect(page.locator(".explorer-live")).to_contain_text("could not be loaded")
    assert state(page, "model") == "lines64-beta1"
    page.evaluate("latentExplorer.here.length")


def test_the_first_view_weighs_less_than_150_kilobytes(folder: Path) -> None:
    weight = sum(len(gzip.compress((folder / name).read_bytes())) for name in explorer_site.first_view())
    assert 50_000 < weight < 150_000


def test_a_frame_takes_less_than_16_milliseconds_on_a_slow_phone(visit: Open) -> None:
    page = visit("#explorer?m=lines64-beta1&bg=class", viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page.wait_for_function(f"{HERE}.ground === 'done'", timeout=30_000)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    times = page.evaluate(f"""async () => {{
      const times = [];
      for (let k = 0; k < 60; k++) {{
        await new Promise(requestAnimationFrame);
        {HERE}.state.z = {HERE}.plane.moved({HERE}.state.z, Math.sin(k / 5), Math.cos(k / 5));
        {HERE}.state.image = -1;
        const start = performance.now();
        {HERE}.draw();
        times.push(performance.now() - start);
      }}
      return times;
    }}""")
    assert np.median(times) < 16
    assert np.median(times) > 0


def test_less_motion_is_respected_and_nothing_starts_by_itself(visit: Open) -> None:
    page = visit(reduced_motion="reduce")
    before = page.evaluate(f"{HERE}.state")
    page.get_by_label("Model", exact=True).select_option("lines64-ae")
    page.wait_for_timeout(120)
    assert page.evaluate(f"{HERE}.frame") is None  # nothing glides
    page.get_by_label("Model", exact=True).select_option("lines64-beta1")
    page.wait_for_timeout(400)
    assert page.evaluate(f"{HERE}.state.t") == before["t"] is None


def test_without_scripts_and_on_paper_there_is_a_picture(browser: Browser, folder: Path, visit: Open) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    expect(page.get_by_text("A still picture.")).to_be_visible()
    context.close()
    page = visit()
    expect(page.get_by_text("A still picture.")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("A still picture.")).to_be_visible()
    expect(page.locator(".explorer-stage")).to_be_hidden()


def test_the_readers_own_model_is_one_page(visit: Open, browser: Browser, tmp_path: Path) -> None:
    own = explorer_own.find("lines64")
    file = tmp_path / "own.html"
    file.write_text(explorer_page.own_page(own.model, own.images(None), "My <model>", own.python), encoding="utf-8")
    page = visit(file.as_uri())
    z = explorer_site.points(8)
    assert isinstance(own.model, LatentModel)
    came = decoded(page, "latentExplorer.models.own", z, None)
    assert np.abs(came - explorer_site.decode_in_numpy(own.model, z, None)).max() < 1e-5
    expect(page.get_by_role("heading", name="My <model>")).to_be_visible()
    for scheme in ("light", "dark"):
        other = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        assert faults(other, file, tmp_path) == []
        other.close()
