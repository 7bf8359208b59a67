"""Every picture has words; an output of a notebook has those of its cell."""

import json
from collections.abc import Callable

import pytest

from tests.site.sample_site import HERE, Site


def test_an_output_takes_the_words_of_its_cell(sample: Site) -> None:
    assert 'alt="A small black square."' in sample.page("notebook")


@pytest.mark.parametrize(
    ("metadata", "missing"), [({}, 2), ({"alt": "One."}, 1), ({"alt": ["One.", "Two."]}, 0), ({"alt": []}, 2)]
)
def test_an_output_without_words_is_a_warning(
    build: Callable[..., Site], metadata: dict[str, object], missing: int
) -> None:
    notebook = json.loads((HERE / "sample/notebook.ipynb").read_text(encoding="utf-8"))
    cell = notebook["cells"][1]
    cell["metadata"] = metadata
    cell["outputs"] = [cell["outputs"][1]] * 2
    site = build(".. toctree::\n\n   notebook\n", **{"notebook.ipynb": json.dumps(notebook)})
    assert site.warnings.count('has no alt text: add "alt": "..." to the metadata of its cell') == missing


def test_an_image_without_words_is_a_warning(build: Callable[..., Site]) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    page = ".. image:: a.svg\n\n.. image:: a.svg\n   :alt: A void.\n"
    site = build(page, **{"a.svg": picture})
    assert site.warnings.count("WARNING") == 1
    assert "index.rst:4: WARNING: image a.svg has no alt text: add the option :alt:" in site.warnings
