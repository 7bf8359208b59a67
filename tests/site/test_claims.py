"""A number on a page is a measurement; one that is missing or does not hold stops the build."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.site.sample_site import HERE, Site

Build = Callable[..., Site]
MEASURED: dict[str, Any] = json.loads((HERE / "sample/claims.json").read_text(encoding="utf-8"))
LIST = {"claims.rst": ":orphan:\n\nClaims\n======\n\n.. claims-list::\n"}


def test_the_role_prints_value_spread_unit_and_seeds_as_a_link(sample: Site) -> None:
    words = "7.65 ± 0.11 nats, 5 seeds".replace(" ", "\N{NO-BREAK SPACE}")
    link = f'<a class="reference internal" href="claims.html#claim-short_code"><span class="std std-ref">{words}</span>'
    assert f'<span class="claim" id="cites-short_code">{link}' in sample.page()


def test_numbers_have_a_minus_sign_and_one_seed_is_one_seed(sample: Site) -> None:
    assert "\N{MINUS SIGN}0.5 ± 0.0, 1 seed\n" in sample.page("claims").replace("\N{NO-BREAK SPACE}", " ")


def test_a_conjecture_says_that_it_is_one(sample: Site) -> None:
    assert 'class="conjecture">and nobody knows why<span class="conjecture-mark">' in sample.page()
    assert "why (conjecture)" in re.sub("<.*?>", "", sample.page()).replace("\N{NO-BREAK SPACE}", " ")


def test_a_page_says_the_seeds_once_and_where_their_number_changes(build: Build) -> None:
    measured = json.loads(json.dumps(MEASURED))
    claims = measured["claims"]
    claims["fixed"] = {**claims["colder"], "budget": "no training", "seeds": [0, 1], "values": [-0.5, -0.5]}
    names = ["short_code", "short_code", "fixed", "short_code", "colder", "short_code"]
    text = " ".join(f":claim:`{name}`" for name in names)
    files = {**LIST, "other.rst": f":orphan:\n\nOther\n=====\n\n{text}\n", "claims.json": json.dumps(measured)}
    site = build(text, **files)
    for name in ("index", "other"):
        page = site.page(name).replace("\N{NO-BREAK SPACE}", " ")
        said = re.findall(r"(?:, (\d) seeds?)?</span></a></span>", page)
        assert said == ["5", "", "", "", "1", "5"]


def test_a_value_without_training_and_chance_stands_alone(build: Build) -> None:
    measured = json.loads(json.dumps(MEASURED))
    measured["claims"]["colder"] |= {"budget": "no training", "seeds": [0, 1], "values": [-0.5, -0.5], "unit": "%"}
    page = build(":claim:`colder`", **{**LIST, "claims.json": json.dumps(measured)}).page()
    assert "\N{MINUS SIGN}0.5\N{NO-BREAK SPACE}%</span>" in page


def test_an_unknown_claim_is_a_warning_that_says_what_to_do(build: Build) -> None:
    warnings = build(":claim:`warmer`", **{**LIST, "claims.json": json.dumps(MEASURED)}).warnings
    assert (
        "index.rst:4: WARNING: no claim is named 'warmer' (known: colder, short_code): run `latent-course claims`"
        in warnings
    )


def test_a_missing_file_is_a_warning_that_says_what_to_do(build: Build) -> None:
    warnings = build(":claim:`colder`", **LIST).warnings
    assert "no claim is named 'colder' (docs/claims.json is missing or empty): run `latent-course claims`" in warnings
    assert "claims.rst:6: WARNING: docs/claims.json is missing or empty: run `latent-course claims`" in warnings


def test_a_claim_that_does_not_hold_is_a_warning(build: Build) -> None:
    failing = json.loads(json.dumps(MEASURED))
    failing["claims"]["colder"]["holds"] = False
    site = build(":claim:`colder`", **{**LIST, "claims.json": json.dumps(failing)})
    assert "index.rst:4: WARNING: claim 'colder' does not hold: " in site.warnings
    assert "must be below 0" in site.warnings
    assert "below 0 (does not hold)" in site.page("claims")


def test_pages_are_read_again_when_claims_are_measured_again(build: Build) -> None:
    site = build(":claim:`colder`", **{**LIST, "claims.json": json.dumps(MEASURED), "other.rst": ":orphan:\n\nO\n=\n"})
    assert site.build().read == []
    os.utime(Path(site.source, "claims.json"))
    assert sorted(site.build().read) == ["claims", "index"]
