"""Dots of a page are measured values: those of the claims that its rows and panels name."""

import json
from collections.abc import Callable
from typing import Any

import course.figures.dots  # before the sample site puts a small course.figures in its place
from tests.site.sample_site import HERE, Site

Build = Callable[..., Site]
MEASURED: dict[str, Any] = json.loads((HERE / "sample/claims.json").read_text(encoding="utf-8"))
PAGE = """
.. claim-dots:: scores

   panel error: squared error
   row VAE: small: 1 x 32
   row autoencoder: large: 1 x 32

   Dots, one a seed.
"""


def _claims() -> str:
    claim = {**MEASURED["claims"]["colder"], "seeds": [0, 1], "values": [2.5, 3.5]}
    claims = {"small-error": claim, "large-error": {**claim, "values": [7.0, 8.0]}}
    return json.dumps({**MEASURED, "claims": claims})


def test_dots_are_the_values_of_the_claims_with_a_caption(build: Build) -> None:
    assert course.figures.dots.dot_plot is not None
    site = build(PAGE, **{"claims.json": _claims()})
    assert not site.warnings
    page = site.page()
    assert "squared error: VAE 2.5 to 3.5, autoencoder 7 to 8." in page
    assert "_images/scores-light.svg" in page
    assert "_images/scores-dark.svg" in page
    assert "Dots, one a seed." in page
    assert "row VAE" not in page


def test_a_claim_that_is_not_there_is_said(build: Build) -> None:
    site = build(PAGE.replace("large", "huge"), **{"claims.json": _claims()})
    assert "none is named 'huge-error': run `latent-course claims`" in site.warnings
    site = build(PAGE.replace("row", "line"), **{"claims.json": _claims()})
    assert "claim-dots needs a panel and a row" in site.warnings
