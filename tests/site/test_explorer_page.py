"""The explorer as a part of a page: its address, files, weight and speed, and readers without scripts or motion."""

import gzip
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from tests.site import explorer_site
from tests.site.explorer_site import HERE, Open, load_all, settle, state, turn_to
from tests.site.page_checks import faults


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
def server(explorer_folder: Path) -> Iterator[str]:
    """The same folder over HTTP."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(explorer_folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


def test_the_address_brings_a_view_back(explore: Open) -> None:
    page = explore()
    page.get_by_label("Model", exact=True).select_option("lines64-beta4")
    turn_to(page, "Map")
    page.get_by_label("Behind").select_option("class")
    turn_to(page, "Sliders")
    page.get_by_role("button", name="Sample the prior").click()
    page.get_by_role("button", name="Sample the prior").click()
    turn_to(page, "A to B")
    page.get_by_role("button", name="A is here").click()
    page.get_by_role("radio", name="arc").check()
    settle(page)
    assert "#explorer?m=lines64-beta4" in page.url
    first = page.evaluate(f"{HERE}.state")
    assert first["seed"] == 2
    again = explore(page.url)
    settle(again)
    second = again.evaluate(f"{HERE}.state")
    for name in ("model", "axes", "background", "way", "seed", "stage", "image"):
        assert second[name] == first[name], name
    assert second["z"] == pytest.approx(first["z"], abs=1e-3)
    assert second["a"] == pytest.approx(first["a"], abs=1e-3)


def test_a_link_to_a_stage_of_training_loads_it(explore: Open) -> None:
    page = explore("#explorer?m=lines64-beta1&step=3&i=9")
    page.wait_for_function(f"{HERE}.state.stage === 3")
    expect(page.locator(".explorer-training output")).to_have_text("step 300 of 4000")
    mu = page.evaluate("Array.from(latentExplorer.stages['lines64-beta1'][3].mu[9])")
    assert state(page, "z") == pytest.approx(mu)


def test_a_link_may_leave_z_to_an_image_and_a_draw(explore: Open) -> None:
    page = explore("#explorer?m=lines64-beta1&i=20&e=3")
    z, mu = np.array(state(page, "z")), np.array(page.evaluate(f"Array.from({HERE}.model.mu[20])"))
    assert z == pytest.approx(np.array(page.evaluate(f"latentExplorer.model.sampleCloud({HERE}.cloud(20), 3)")))
    assert np.abs(z - mu).max() > 0.1
    page.evaluate("location.hash = '#explorer?m=lines64-beta1&t=0.5'")
    page.wait_for_function(f"{HERE}.state.t === 0.5")
    a, b, z = (np.array(state(page, name)) for name in "abz")
    assert z == pytest.approx((a + b) / 2)


@pytest.mark.parametrize(
    "query", ["m=none&z=1,2", "z=NaN,1,2,3,4,5,6,7", "i=9999&x=3,77&bg=lava&t=9", "z=&a=1&s=x&l=-1&step=2.5", "%F0%9F"]
)
def test_an_address_that_makes_no_sense_is_no_view(explore: Open, query: str) -> None:
    page = explore(f"#explorer?{query}")
    assert state(page, "model") == "lines64-beta1"
    assert page.evaluate(f"{HERE}.pixels.every(Number.isFinite)")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_fault_anywhere(
    browser: Browser, explorer_folder: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert faults(page, explorer_folder / "index.html", explorer_folder) == []
    page.close()


def test_it_works_over_http_too_and_asks_nobody_else(explore: Open, server: str) -> None:
    page = explore(server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    load_all(page)
    expect(page.get_by_role("button", name="Fashion-MNIST")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(f"{HERE}.pixels.length") == 784
    assert asked
    assert all(url.startswith(server.removesuffix("index.html")) for url in asked)


def test_what_cannot_be_loaded_is_said(explore: Open) -> None:
    page = explore()
    page.evaluate(f"{HERE}.options.more[0].files.push('missing.js')")
    page.get_by_role("button", name="Fashion-MNIST").click()
    expect(page.locator(".explorer-live")).to_contain_text("could not be loaded")
    assert state(page, "model") == "lines64-beta1"
    page.evaluate("latentExplorer.here.length")


def test_the_first_view_weighs_less_than_150_kilobytes(explorer_folder: Path) -> None:
    weight = sum(len(gzip.compress((explorer_folder / name).read_bytes())) for name in explorer_site.first_view())
    assert 50_000 < weight < 150_000


def test_no_frame_waits_for_the_ground(explore: Open) -> None:
    """How long a frame takes, benchmarks/explorer.py says."""
    page = explore("#explorer?m=lines64-beta1&bg=class&i=20")
    page.wait_for_function(f"{HERE}.backgroundStatus === 'done'", timeout=30_000)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    moved = f"{HERE}.state.z = {HERE}.state.z.map(value => value + 0.5); {HERE}.render()"
    assert page.evaluate(f"() => {{ {moved}; return {HERE}.backgroundStatus; }}") == "unfinished"
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    page.wait_for_function(f"{HERE}.backgroundStatus === 'done'", timeout=30_000)


def test_less_motion_is_respected_and_nothing_starts_by_itself(explore: Open) -> None:
    page = explore(reduced_motion="reduce")
    before = page.evaluate(f"{HERE}.state")
    page.get_by_label("Model", exact=True).select_option("lines64-ae")
    page.wait_for_timeout(120)
    assert page.evaluate(f"{HERE}.frame") is None  # nothing glides
    page.get_by_label("Model", exact=True).select_option("lines64-beta1")
    page.wait_for_timeout(400)
    assert page.evaluate(f"{HERE}.state.t") == before["t"] is None


def test_without_scripts_and_on_paper_there_is_a_picture(
    browser: Browser, explorer_folder: Path, explore: Open
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((explorer_folder / "index.html").as_uri())
    expect(page.get_by_text("A still picture.")).to_be_visible()
    context.close()
    page = explore()
    expect(page.get_by_text("A still picture.")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("A still picture.")).to_be_visible()
    expect(page.locator(".explorer-stage")).to_be_hidden()
