"""The map says what stands at the head of each lesson, and the page for instructors what the grader knows."""

from collections.abc import Callable
from pathlib import Path

from tests.site.sample_site import Site

Build = Callable[..., Site]
MISTAKES = Path(__file__).parents[2] / "autograder" / "misconceptions"


def test_the_facts_come_from_the_page_with_the_titles_that_it_links_to(sample: Site) -> None:
    page = sample.page()
    assert '<p class="lesson-time">20 minutes · first lesson</p>' in page.replace("\N{NO-BREAK SPACE}", " ")
    assert '<p class="lesson-before">Before: Claims, and a pencil</p>' in page
    assert "quiz/index/one" in page
    assert "part/1.2" in page


def test_a_lesson_without_facts_is_a_warning(build: Build) -> None:
    warnings = build(".. lesson-facts:: index\n\n.. lesson-facts:: nowhere\n").warnings
    assert "index says nothing of Time, Level, Before at its head" in warnings
    assert "nowhere says nothing of Time" in warnings


def test_the_mistakes_are_read_and_not_run(build: Build, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "loud.py").write_text(
        "raise SystemExit\n"
        '@mistake("4.1", "a mean for a sum", HERE)\ndef mean(x):\n    """Over which\n    axes?\n    """\n'
    )
    site = build(".. mistakes:: loud\n\n.. mistakes:: nothing\n")
    for cell in ("4.1", "a mean for a sum", "Over which axes?"):
        assert f"<p>{cell}</p>" in site.page()
    assert "no exercise is named 'nothing'" in site.warnings


def test_every_mistake_that_the_grader_names_is_on_the_page() -> None:
    from mistakes import read  # type: ignore[import-not-found,unused-ignore]

    for file in sorted(MISTAKES.glob("[!_]*.py")):
        found = list(read(file))
        assert len(found) == file.read_text(encoding="utf-8").count("\n@mistake("), file.name
        assert all(mistake.question.endswith("?") or "?" in mistake.question for mistake in found)
