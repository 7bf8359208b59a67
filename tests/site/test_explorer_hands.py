"""The explorer in the reader's hands: mouse, finger and keys."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.site import explorer_site
from tests.site.explorer_site import HERE, Open, settle, state, turn_to


def test_a_mouse_drags_the_point_and_the_decode_follows(explore: Open) -> None:
    page = explore(viewport={"width": 1280, "height": 900})
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


def test_a_click_on_a_sign_goes_to_the_middle_of_its_cloud(explore: Open) -> None:
    page = explore()
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


def test_arrow_keys_move_points_and_sliders(explore: Open) -> None:
    page = explore()
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


def test_a_finger_holds_the_point_and_scrolls_elsewhere(explore: Open) -> None:
    page = explore(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
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
    page.wait_for_function(f"before => JSON.stringify({HERE}.state.z) !== JSON.stringify(before)", arg=moved)


def test_targets_have_the_size_of_a_finger(explore: Open) -> None:
    page = explore(viewport={"width": 390, "height": 844})
    turn_to(page, "Training")
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


def test_eps_is_drawn_again_inside_the_cloud(explore: Open) -> None:
    page = explore("#explorer?m=lines64-beta1&i=20")
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


def test_collapsed_dimensions_are_last_and_marked(explore: Open) -> None:
    page = explore()
    worth = page.evaluate(f"{HERE}.model.kl")
    order = [
        int(d) for d in page.locator(".explorer-sliders input").evaluate_all("all => all.map(e => e.dataset.dimension)")
    ]
    assert [worth[d] for d in order] == sorted(worth, reverse=True)
    marked = page.locator(".explorer-collapsed input").evaluate_all("all => all.map(e => +e.dataset.dimension)")
    assert set(marked) == {d for d in order if worth[d] <= 0.01}
    assert marked


def test_a_conditional_model_draws_the_class_that_is_asked_for(explore: Open) -> None:
    page = explore("#explorer?m=lines64-cvae")
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


def test_a_brush_marks_images_everywhere_by_mouse_and_by_keys(explore: Open) -> None:
    page = explore(viewport={"width": 1280, "height": 900})
    turn_to(page, "Pairs")
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


def test_the_way_plays_and_pauses(explore: Open) -> None:
    page = explore()
    turn_to(page, "A to B")
    page.get_by_role("button", name="Play").last.click()
    page.wait_for_function(f"{HERE}.state.t > 0.05")
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


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_map_and_decode_stay_in_view_whatever_tool_is_used(explore: Open, width: int, height: int) -> None:
    page = explore(viewport={"width": width, "height": height})
    page.locator(".explorer-stage").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('.explorer-stage').scrollIntoView()")
    for tool in ("Sliders", "Map", "A to B", "Draw", "Training", "Pairs", "Share"):
        turn_to(page, tool)
        expect(page.get_by_role("tabpanel")).to_have_count(1)
        for seen in (".explorer-map", ".explorer-decode", ".explorer-tabs", ".explorer-panels"):
            box = page.locator(seen).bounding_box()
            assert box is not None
            assert box["y"] >= -1, (tool, seen)
            assert box["y"] + box["height"] <= height + 1, (tool, seen)
    panel = page.locator(".explorer-panels").bounding_box()
    assert panel is not None
    assert panel["height"] > 100


def test_tools_are_reached_by_keys(explore: Open) -> None:
    page = explore()
    page.get_by_role("tab", name="Sliders").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Map")).to_be_focused()
    expect(page.get_by_role("tab", name="Map")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_label("Behind")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Share")).to_be_focused()
    page.get_by_label("Model", exact=True).select_option("lines64-ae")
    expect(page.get_by_role("tab", name="Training")).to_be_hidden()  # nothing is kept of this model's training


def test_what_was_done_is_taken_back_and_done_again(explore: Open) -> None:
    page = explore()
    settle(page)
    first = state(page, "z")
    page.get_by_role("button", name="Sample the prior").click()
    settle(page)
    second = state(page, "z")
    page.get_by_role("button", name="Reset").click()
    settle(page)
    assert state(page, "z") == first
    page.keyboard.press("Control+z")
    assert state(page, "z") == pytest.approx(second, abs=1e-3)
    page.get_by_role("button", name="Undo").click()
    assert state(page, "z") == pytest.approx(first, abs=1e-3)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.get_by_role("button", name="Redo").click()
    assert state(page, "z") == pytest.approx(second, abs=1e-3)
