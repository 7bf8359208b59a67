"""The interactive parts of a lesson, by mouse, by keyboard, and for readers whose browser runs no script."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.page_checks import faults
from tests.site.sample_site import Site

Open = Callable[..., Page]


def test_the_sample_builds_without_a_warning(sample: Site) -> None:
    assert sample.warnings == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["index", "claims", "notebook", "search"])
def test_the_pages_have_no_fault(browser: Browser, sample: Site, name: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    assert faults(page, sample.out / f"{name}.html", sample.out) == []
    page.close()


def test_a_quiz_answers_at_once_and_remembers(visit: Open) -> None:
    page = visit()
    quiz = page.locator("#quiz-one")
    expect(quiz.get_by_text("Answer", exact=True)).to_be_hidden()
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_role("status")).to_have_text("Choose an answer first.")
    quiz.get_by_label("(B, D)").check()
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_role("status")).to_contain_text("Wrong: (B, D)")
    expect(quiz.get_by_role("status")).to_contain_text("That is the shape of an image.")
    expect(quiz.get_by_text("done")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(quiz.get_by_role("status")).to_contain_text("One mean a latent dimension.")
    expect(quiz.get_by_text("done")).to_be_visible()
    page.reload()
    expect(page.locator("#quiz-one .quiz-done")).to_be_visible()
    expect(page.locator("#quiz-several .quiz-done")).to_be_hidden()


def test_a_quiz_with_two_right_answers_wants_both(visit: Open) -> None:
    quiz = visit().locator("#quiz-several")
    quiz.get_by_label("The reconstruction").check()
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_role("status")).to_contain_text("Right so far, but an answer is missing.")
    expect(quiz.get_by_text("done")).to_be_hidden()
    quiz.get_by_label("The KL divergence").check()
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_text("done")).to_be_visible()
    expect(quiz.get_by_role("status")).not_to_contain_text("missing")


def test_a_quiz_works_where_nothing_can_be_remembered(visit: Open) -> None:
    page = visit("claims.html")
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused') } })")
    page.goto(page.url.replace("claims.html", "index.html"))
    quiz = page.locator("#quiz-several")  # the last one: those before it must not stop the script
    quiz.get_by_label("The reconstruction").check()
    quiz.get_by_label("The KL divergence").check()
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_text("done")).to_be_visible()


def test_the_map_shows_what_is_done_and_forgets_what_is_unticked(visit: Open) -> None:
    page = visit()
    progress = page.locator(".lesson-progress")
    expect(progress).to_contain_text("0 of 4 done")
    part = page.get_by_label("I have done part 1.1")
    part.focus()
    page.keyboard.press("Space")
    quiz = page.locator("#quiz-one")
    quiz.get_by_label("(B, Z)").check()
    quiz.get_by_role("button", name="Check").click()
    page.goto(page.url.replace("index.html", "claims.html"))
    page.go_back()
    expect(progress).to_contain_text("2 of 4 done")
    expect(progress.get_by_role("progressbar")).to_have_js_property("value", 2)
    page.get_by_label("I have done part 1.1").uncheck()
    page.reload()
    expect(progress).to_contain_text("1 of 4 done")


def test_without_a_memory_or_scripts_the_map_promises_nothing(visit: Open) -> None:
    page = visit(java_script_enabled=False)
    expect(page.locator(".lesson-progress")).to_be_hidden()
    expect(page.locator("input[data-part]").first).to_be_hidden()
    expect(page.get_by_text("20 minutes · first lesson")).to_be_visible()


def test_a_hint_is_there_when_the_one_before_it_was_opened(visit: Open) -> None:
    page = visit()
    first, second, third = (page.locator(f"[id='hint-1.1-{number}']") for number in (1, 2, 3))
    expect(second).to_be_hidden()
    first.locator("summary").press("Enter")
    expect(first.get_by_text("Which layer gives mu?")).to_be_visible()
    expect(second.locator("summary")).to_be_visible()
    expect(third).to_be_hidden()
    second.locator("summary").press("Enter")
    expect(second.get_by_text("Ask the second question.")).to_be_visible()
    expect(third).to_be_visible()
    assert page.url.endswith("#hint-1.1-2")


@pytest.mark.parametrize(
    ("fragment", "words"),
    [("hint-1.1-3", "Return the result."), ("answers-and-more-2", "A second one with the same title.")],
)
def test_a_link_opens_what_it_leads_to(visit: Open, fragment: str, words: str) -> None:
    page = visit(f"index.html#{fragment}")
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text(words)).to_be_in_viewport()
    expect(page.locator("[id='hint-1.1-2']")).to_be_visible(visible=fragment.startswith("hint"))


def test_an_animation_plays_pauses_and_can_be_stepped_through(visit: Open) -> None:
    page = visit(reduced_motion="no-preference")
    player = page.locator(".animation-player")
    slider, shown = player.get_by_label("Frame"), player.locator("output")
    player.scroll_into_view_if_needed()
    expect(shown).not_to_have_text("dark → bright, 1 of 20")
    expect(shown).to_have_attribute("aria-live", "off")
    player.get_by_role("button", name="Pause").press("Enter")
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    expect(shown).to_have_attribute("aria-live", "polite")
    slider.press("Home")
    slider.press("ArrowRight")
    expect(shown).to_have_text("dark → bright, 2 of 20")
    expect(slider).to_have_attribute("aria-valuetext", "dark → bright, 2 of 20")
    slider.press("End")
    bright = "canvas => [...canvas.getContext('2d').getImageData(8, 8, 1, 1).data]"
    assert player.locator("canvas").evaluate(bright) == [255, 255, 255, 255]


def test_an_animation_waits_for_readers_who_want_less_motion(visit: Open) -> None:
    page = visit(reduced_motion="reduce")
    player = page.locator(".animation-player")
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_timeout(400)
    expect(player.locator("output")).to_have_text("dark → bright, 1 of 20")
    box = player.get_by_role("button").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44


def test_without_scripts_nothing_is_out_of_reach(visit: Open) -> None:
    page = visit(java_script_enabled=False)
    expect(page.locator(".animation-strip")).to_be_visible()
    expect(page.locator(".animation-player")).to_be_hidden()
    page.locator("[id='hint-1.1-3'] summary").click()
    expect(page.get_by_text("Return the result.")).to_be_visible()
    quiz = page.locator("#quiz-one")
    expect(quiz.get_by_role("button", name="Check")).to_be_hidden()
    quiz.get_by_text("Answer", exact=True).click()
    expect(quiz.get_by_text("That is the shape of an image.")).to_be_visible()
    expect(page.locator(".katex-html").first).to_be_visible()


def test_on_paper_all_is_light_and_open(visit: Open) -> None:
    page = visit(color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".drawn .only-light")).to_be_visible()
    expect(page.locator(".drawn .only-dark")).to_be_hidden()
    expect(page.locator(".animation-strip")).to_be_visible()
    expect(page.locator(".animation-player")).to_be_hidden()
    expect(page.get_by_text("The word quokka stands only here.")).to_be_visible()
    expect(page.locator("#quiz-one").get_by_text("One mean a latent dimension.")).to_be_visible()
    expect(page.get_by_text("Return the result.")).to_be_visible()


def test_wide_boxes_can_be_scrolled_by_keyboard(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 800})
    wide = page.locator(".math-display .scroll-box[tabindex='0']").last
    assert page.locator("#equation-loss .scroll-box[tabindex]").count() == 0  # this one goes on in the next line
    wide.focus()
    wide.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=wide.element_handle())


def test_a_wide_box_shows_that_there_is_more_until_its_end(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 800})
    wide = page.locator(".math-display .scroll-box[tabindex='0']").last
    box = wide.element_handle()
    assert box is not None
    expect(wide).to_have_css("mask-image", re.compile("linear-gradient"))
    wide.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    expect(wide).to_have_css("mask-image", "none")
    wide.evaluate("box => box.scrollTo(0, 0)")
    expect(wide).to_have_css("mask-image", re.compile("linear-gradient"))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function("box => getComputedStyle(box).maskImage === 'none'", arg=box)


def test_a_picture_has_its_room_before_it_comes(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 800})
    came = page.locator(".drawn img.only-light").bounding_box()
    page.context.route("**/*.svg", lambda route: route.abort())
    page.reload()
    picture = page.locator(".drawn img.only-light")
    assert picture.evaluate("image => image.naturalWidth") == 0
    assert picture.bounding_box() == came


def test_pictures_follow_the_theme(visit: Open) -> None:
    page = visit(color_scheme="dark")
    expect(page.locator(".drawn .only-dark")).to_be_visible()
    expect(page.locator(".drawn .only-light")).to_be_hidden()


def test_downloads_lie_in_the_site(sample: Site) -> None:
    assert list(Path(sample.out, "_downloads").rglob("claims.json"))
    assert (sample.out / "notebook.ipynb").exists()
