"""A picture depends on the modules that it is drawn with, as deep as they go, and on no others."""

import ast
import sys
from pathlib import Path

import pytest
from course_sources import digest, sources

import course
from course import figures

HOME = Path(course.__file__).parent


def _names(code: str) -> set[str]:
    return {file.relative_to(HOME).as_posix() for file in sources(code)}


def test_a_figure_depends_on_what_its_module_imports_and_not_on_another_lessons_figures() -> None:
    names = _names("import course.figures.kl_divergence")
    assert {"figures/kl_divergence.py", "figures/style.py", "palette.py", "divergence.py", "models.py"} <= names
    assert "weights/lines64.safetensors" in names
    assert not {"figures/maps.py", "figures/gallery.py", "figures/__init__.py", "cli.py"} & names


def test_what_is_taken_from_a_package_itself_is_followed_into_all_of_it() -> None:
    assert {"figures/__init__.py", "figures/maps.py"} <= _names("from course.figures import draw")
    assert _names("import numpy\nfrom pathlib import Path") == {"weights/lines64.json", "weights/lines64.safetensors"}


def test_every_module_that_drawing_loads_was_foreseen() -> None:
    for name in ("kl_contours", "norms"):
        figures.draw(name)
        module = sys.modules[figures.FIGURES[name].__module__]
        taken = {
            getattr(module, node.id).__module__
            for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text()))
            if isinstance(node, ast.Name) and hasattr(getattr(module, node.id, None), "__module__")
        }
        of_course = {each.split(".", 1)[1].replace(".", "/") + ".py" for each in taken if each.startswith("course.")}
        assert of_course <= _names(f"import {module.__name__}")


def test_the_digest_is_another_when_code_or_a_source_or_another_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "__file__", str(tmp_path / "__init__.py"))
    (tmp_path / "a.py").write_text("from course import b")
    (tmp_path / "b.py").write_text("")
    (tmp_path / "c.py").write_text("")
    (tmp_path / "other").write_text("")
    seen = [digest("import course.a", tmp_path / "other")]
    (tmp_path / "c.py").write_text("# not imported")
    assert digest("import course.a", tmp_path / "other") == seen[0]
    for file in ("a.py", "b.py", "other"):
        (tmp_path / file).write_text((tmp_path / file).read_text() + "\n# changed")
        seen.append(digest("import course.a", tmp_path / "other"))
    seen.append(digest("import course.a\n1", tmp_path / "other"))
    assert len(set(seen)) == 5
