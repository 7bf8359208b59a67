"""An image of the reader's own: drawn with mouse, finger and keys, and encoded in the page as torch encodes it."""

import re
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from course.explorer import page as explorer_page
from course.explorer import readers
from course.models import VAE, LatentModel
from course.objectives import kl, reconstruction
from course.patterns import lines64, nearest
from tests.site import explorer_site
from tests.site.explorer_site import HERE, Open, load_all, settle, state, turn_to
from tests.site.page_checks import faults

DRAWN = f"Array.from({HERE}.sketch)"
HALF = "0" * 24 + "ff00" + "0" * 36  # the left half of a thin horizontal line in row 6


def ready(page: Page) -> None:
    """Load the encoder, as the reader does."""
    turn_to(page, "Draw")
    page.get_by_role("button", name="Load the encoder").click()
    expect(page.locator(".explorer-board")).to_be_visible()
    settle(page)


def look_at(page: Page, x: NDArray[np.floating], name: str, label: int) -> dict[str, Any]:
    """What the page says of one image."""
    code = """([x, name, label]) => {
      const { model: { encode, reconstruction, kl }, models, encoders } = latentExplorer;
      const { mu, logVar } = encode(models[name], encoders[name], x, label);
      const rate = logVar && kl(mu, logVar);
      const distortion = reconstruction(models[name], x, mu, label);
      return { mu: [...mu], logVar: logVar && [...logVar], kl: rate, reconstruction: distortion };
    }"""
    found: dict[str, Any] = page.evaluate(code, [x.tolist(), name, label])
    return found


def test_the_range_beside_the_drawing_is_that_of_the_images(explore: Open) -> None:
    page, x = explore("#explorer?m=lines64-beta1&i=20"), torch.from_numpy(lines64().images)
    ready(page)
    model = explorer_site.model("lines64-beta1")
    assert isinstance(model, VAE)
    with torch.no_grad():
        mu, log_var = model.posterior(x)
        costs = {"reconstruction": reconstruction(model.decode_logits(mu), x), "kl": kl(mu, log_var)}
    costs["bound"] = costs["reconstruction"] + costs["kl"]
    for name, values in costs.items():
        mine, range_of_all = page.locator(f"tr[data-cost='{name}'] td").all_inner_texts()
        assert float(mine) == pytest.approx(float(values[20]), abs=0.06)
        assert range_of_all == f"{values.min():.1f} to {values.max():.1f}"
    expect(page.get_by_text("It costs no more than the 64 images on the map do.")).to_be_visible()


def centre(page: Page, row: int, column: int) -> tuple[float, float]:
    """Where a pixel of the board is on the screen."""
    box, side = page.locator(".explorer-board").bounding_box(), page.evaluate(f"{HERE}.data.side")
    assert box is not None
    return box["x"] + (column + 0.5) * box["width"] / side, box["y"] + (row + 0.5) * box["height"] / side


def test_a_mouse_rubs_half_a_line_out_and_everything_follows(explore: Open) -> None:
    page = explore("#explorer?m=lines64-beta1&i=0", viewport={"width": 1280, "height": 900})
    ready(page)
    page.locator(".explorer-board").scroll_into_view_if_needed()
    line = page.evaluate("latentExplorer.data.lines64.names.indexOf('thin horizontal at 6')")
    page.evaluate(f"{HERE}.select({line})")
    page.mouse.move(*centre(page, 6, 8))
    page.mouse.down()
    page.mouse.move(*centre(page, 6, 15), steps=2)  # quicker than the pixels
    page.mouse.up()
    page.mouse.move(*centre(page, 2, 2))
    settle(page)
    half = lines64().images[line].reshape(16, 16).copy()
    half[:, 8:] = 0
    assert page.evaluate(DRAWN) == half.ravel().tolist()
    x = torch.from_numpy(half.reshape(1, 256))
    model = explorer_site.model("lines64-beta1")
    assert isinstance(model, VAE)
    with torch.no_grad():
        mu, log_var = model.posterior(x)
        bound = float(reconstruction(model.decode_logits(mu), x) + kl(mu, log_var))
        x_hat = model.decode(mu).numpy()
    assert state(page, "z") == pytest.approx(mu[0].tolist(), abs=5e-3)
    assert float(page.locator("tr[data-cost='bound'] td").first.inner_text()) == pytest.approx(bound, abs=0.3)
    index, _ = nearest(x_hat, lines64().templates)
    name = page.evaluate(f"latentExplorer.data.lines64.names[{index[0]}]")
    expect(page.locator(".explorer-drawing .explorer-words")).to_contain_text(
        f"no image of the set; the nearest is {name}"
    )
    expect(page.locator(".explorer-live")).to_contain_text("Decode of your drawing")
    expect(page.locator(".explorer-formula")).to_contain_text("the middle of your drawing")
    shown = page.locator(".explorer-reconstruction").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, 16, 16).data].filter((_, k) => k % 4 === 0)"
    )
    assert np.abs(np.array(shown) - 255 * (1 - x_hat[0])).max() <= 3


def test_the_map_marks_the_drawing_and_keeps_the_mark_when_the_point_goes(explore: Open) -> None:
    page = explore(f"#explorer?m=lines64-beta1&i=own&d={HALF}", viewport={"width": 1280, "height": 900})
    expect(page.locator(".explorer-board")).to_be_visible()
    settle(page)
    accent = """() => {
      const canvas = document.querySelector('.explorer-map');
      const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const cloud = latentExplorer.here[0].cloud(latentExplorer.model.SKETCH);
      const { plane } = latentExplorer.here[0];
      const [x, y] = plane.project(cloud.mu).map((v, k) => (v - plane.middle[k]) / plane.half / 2);
      const at = 4 * (Math.round(canvas.height * (0.5 - y)) * width + Math.round(width * (0.5 + x)));
      return [...data.slice(at, at + 3)];
    }"""
    assert page.evaluate(accent) == [0x0B, 0x57, 0xB0]
    z = state(page, "z")
    page.get_by_role("slider", name="Point z").press("Shift+ArrowRight")
    settle(page)
    assert state(page, "z") != z
    assert state(page, "image") == -1
    assert page.evaluate(accent) == [0x0B, 0x57, 0xB0]
    turn_to(page, "Sliders")
    page.get_by_role("button", name="Reset").click()
    settle(page)
    assert state(page, "sketch") is None
    assert "&d=" not in page.url


def test_a_finger_draws_on_the_board_and_scrolls_elsewhere(explore: Open) -> None:
    page = explore(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    ready(page)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.locator(".explorer-board").scroll_into_view_if_needed()
    top, session = page.evaluate("scrollY"), page.context.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", *centre(page, 2, 4))
    for row in (5, 8, 13):
        touch("touchMove", *centre(page, row, 4))
    touch("touchEnd")
    settle(page)
    expected = np.zeros((16, 16))
    expected[2:14, 4] = 1
    assert page.evaluate(DRAWN) == expected.ravel().tolist()
    assert page.evaluate("scrollY") == top
    assert page.locator(".explorer-board").evaluate("c => getComputedStyle(c).touchAction") == "none"
    assert page.locator(".explorer-drawing").evaluate("c => getComputedStyle(c).touchAction") == "auto"
    for button in page.locator(".explorer-drawing button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44


def test_keys_move_a_cursor_that_is_said_and_change_pixels(explore: Open) -> None:
    page = explore()
    ready(page)
    page.get_by_role("button", name="Clear", exact=True).click()
    board = page.get_by_role("application", name="Drawing board, 16 by 16 pixels")
    board.focus()
    for _ in range(20):
        board.press("ArrowUp")
    board.press("ArrowRight")
    place = page.locator(".explorer-x [role=status]")
    expect(place).to_have_text("Row 1, column 9: paper")
    board.press(" ")
    expect(place).to_have_text("Row 1, column 9: ink")
    assert np.flatnonzero(page.evaluate(DRAWN)).tolist() == [8]
    board.press(" ")
    expect(place).to_have_text("Row 1, column 9: paper")
    assert not any(page.evaluate(DRAWN))
    expect(board).to_have_attribute("aria-describedby", "explorer-board-help")


def test_buttons_clear_start_again_and_flip_the_same_pixels_on_every_visit(explore: Open) -> None:
    flips = []
    for _ in range(2):
        page = explore("#explorer?m=lines64-beta1&i=20")
        ready(page)
        for _ in range(3):
            page.get_by_role("button", name="Flip one pixel").click()
        differs = np.array(page.evaluate(DRAWN)) != lines64().images[20]
        flips.append(np.flatnonzero(differs).tolist())
        page.get_by_role("button", name="Clear", exact=True).click()
        assert not any(page.evaluate(DRAWN))
        page.evaluate(f"{HERE}.select(33)")
        page.get_by_role("button", name="Start from the chosen image").click()
        assert page.evaluate(DRAWN) == lines64().images[33].tolist()
    assert len(flips[0]) == 3
    assert flips[0] == flips[1]


def test_a_link_brings_the_drawing_back_and_python_says_x(explore: Open) -> None:
    page = explore(f"#explorer?m=lines64-cvae&i=own&l=1&d={HALF}")
    expect(page.locator(".explorer-board")).to_be_visible()
    settle(page)
    assert f"d={HALF}" in page.evaluate(f"latentExplorer.model.address.write('explorer', {HERE}.state)")
    names: dict[str, Any] = {}
    turn_to(page, "Share")
    exec(page.get_by_label("z as Python").input_value(), names)
    assert names["x"].tolist() == [page.evaluate(DRAWN)]
    assert names["mu"][0].tolist() == pytest.approx(state(page, "z"), abs=0.01)
    assert state(page, "label") == 1


@pytest.mark.parametrize("digits", ["", "ff", "g" * 64, "f" * 65, "f" * 196])
def test_an_address_without_a_whole_drawing_has_none(explore: Open, digits: str) -> None:
    page = explore(f"#explorer?m=lines64-beta1&i=own&d={digits}")
    assert state(page, "sketch") is None
    assert state(page, "image") >= 0


def test_another_model_encodes_the_same_drawing(explore: Open) -> None:
    page = explore(f"#explorer?m=lines64-beta1&i=own&d={HALF}")
    expect(page.locator(".explorer-board")).to_be_visible()
    page.get_by_label("Model", exact=True).select_option("lines64-ae")
    page.wait_for_function("latentExplorer.encoders['lines64-ae']")
    settle(page)
    model = explorer_site.model("lines64-ae")
    with torch.no_grad():
        code = model.encode(torch.tensor([page.evaluate(DRAWN)], dtype=torch.float32))[0]
    assert state(page, "z") == pytest.approx(code.tolist(), abs=0.05)
    assert page.locator("tr[data-cost]").count() == 1  # an autoencoder has no KL
    turn_to(page, "Sliders")
    expect(page.get_by_role("button", name="Draw ε again")).to_be_disabled()
    page.get_by_label("Model", exact=True).select_option("lines64-beta1")
    settle(page)
    before = np.array(state(page, "z"))
    page.get_by_role("button", name="Draw ε again").click()
    settle(page)
    sigma = np.array(page.evaluate(f"Array.from({HERE}.cloud(latentExplorer.model.SKETCH).sigma)"))
    noise = np.array(page.evaluate(f"latentExplorer.model.noise({HERE}.model.latent, 1)"))
    assert state(page, "z") == pytest.approx(before + sigma * noise, abs=1e-4)


def test_greys_are_drawn_with_a_soft_brush_and_rubbed_out(explore: Open) -> None:
    page = explore(viewport={"width": 1280, "height": 900})
    load_all(page)
    ready(page)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.locator(".explorer-board").scroll_into_view_if_needed()
    page.mouse.click(*centre(page, 14, 10))
    x = np.array(page.evaluate(DRAWN)).reshape(28, 28)
    assert x[14, 10] == 1
    assert 0 < x[14, 12] < x[14, 11] < 1
    assert x[20:].max() == 0
    page.get_by_role("button", name="Rub out").click()
    page.mouse.click(*centre(page, 14, 10))
    rubbed = np.array(page.evaluate(DRAWN)).reshape(28, 28)
    assert rubbed[14, 10] == 0
    assert rubbed.sum() < x.sum() / 2
    settle(page)
    assert "&d=" not in page.url
    names: dict[str, Any] = {}
    turn_to(page, "Share")
    exec(page.get_by_label("z as Python").input_value(), names)
    assert names["x"][0].tolist() == pytest.approx(rubbed.ravel().tolist(), abs=1e-6)


def test_at_a_moment_of_the_training_there_is_no_encoder(explore: Open) -> None:
    page = explore(f"#explorer?m=lines64-beta1&i=own&d={HALF}")
    expect(page.locator(".explorer-board")).to_be_visible()
    turn_to(page, "Training")
    page.get_by_role("button", name=re.compile("Load ten moments")).click()
    page.wait_for_function(f"{HERE}.state.stage === 0")
    turn_to(page, "Draw")
    expect(page.locator(".explorer-board")).to_be_hidden()
    expect(page.get_by_text("is that of the trained model")).to_be_visible()
    turn_to(page, "Training")
    page.get_by_role("button", name="Trained model").click()
    turn_to(page, "Draw")
    expect(page.locator(".explorer-board")).to_be_visible()


def test_an_encoder_that_cannot_be_loaded_is_said(explore: Open) -> None:
    page = explore()
    page.evaluate(f"{HERE}.options.encoders['lines64-beta1'].files.push('missing.js')")
    turn_to(page, "Draw")
    page.get_by_role("button", name="Load the encoder").click()
    expect(page.locator(".explorer-live")).to_contain_text("could not be loaded")


def test_the_picture_has_the_drawing_in_it(explore: Open, tmp_path: Path) -> None:
    sizes = []
    for address in ("#explorer?m=lines64-beta1&i=20", f"#explorer?m=lines64-beta1&i=own&d={HALF}"):
        page = explore(address)
        settle(page)
        turn_to(page, "Share")
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the picture").click()
        download.value.save_as(tmp_path / "picture.png")
        header = (tmp_path / "picture.png").read_bytes()[16:24]
        sizes.append((int.from_bytes(header[:4]), int.from_bytes(header[4:])))
    assert sizes == [(1512, 816), (2256, 816)]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_board_has_no_fault(
    browser: Browser, explorer_folder: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, drawing = context.new_page(), explorer_folder / "drawing.html"
    text = (explorer_folder / "index.html").read_text(encoding="utf-8")
    opening = f"<script>location.hash = '#explorer?m=lines64-beta1&i=own&d={HALF}'</script>"
    drawing.write_text(text.replace("<main>", f"{opening}<main>"), encoding="utf-8")
    assert faults(page, drawing, explorer_folder) == []
    expect(page.locator(".explorer-board")).to_be_visible()
    context.close()
    drawing.unlink()


def test_the_readers_own_model_can_be_drawn_for_at_once(explore: Open, tmp_path: Path) -> None:
    own, file = readers.find("lines64"), tmp_path / "own.html"
    file.write_text(explorer_page.own_page(own.model, "lines64", "Mine", own.python), encoding="utf-8")
    page = explore(file.as_uri())
    turn_to(page, "Draw")
    expect(page.locator(".explorer-board")).to_be_visible()
    assert isinstance(own.model, LatentModel)
    x = explorer_site.unseen_images(own.model)
    came = np.array([(one := look_at(page, row, "own", 0))["mu"] + one["logVar"] for row in x])
    assert np.abs(came - explorer_site.encode_in_numpy(own.model, x, None)).max() < 1e-4
