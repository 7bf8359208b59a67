"""The first use of each word of the glossary leads to it, and only where a reader expects a link."""

import re
from collections.abc import Callable

from tests.site.sample_site import Site

Build = Callable[..., Site]
GLOSSARY = """:orphan:

Glossary
========

.. glossary::

   beta
      A weight.

   latent space
      A space :math:`\\mathbb{R}^Z` of an :term:`encoder`, & more.

   KL divergence
      A price.

   encoder
      A network.

   rate
      What is said.

   baseline
      A number.
"""


def linked(build: Build, text: str) -> list[str]:
    page = build(text, **{"glossary.rst": GLOSSARY}).page()
    return re.findall(r'<a class="term reference internal" href="glossary.html#term-[\w-]+">([^<]+)</a>', page)


def test_the_first_use_of_each_is_linked(build: Build) -> None:
    text = "Encoders give a latent\nspace. The encoder pays the KL, and the KL divergence again.\n\nA latent space."
    assert linked(build, text) == ["Encoders", "latent\nspace", "KL"]


def test_headings_code_links_questions_tables_and_parts_of_words_are_not(build: Build) -> None:
    text = (
        "Encoder\n-------\n\n``encoder`` :math:`beta` `beta <https://example.org>`_ beta-VAE, alphabeta, the learning rate\n\n"
        ".. list-table::\n\n   * - encoder\n\n.. quiz:: one\n\n   The encoder?\n\n   - [x] Yes\n\n     It is.\n\n"
        ".. dropdown:: The encoder\n\n   An encoder.\n\nA baseline."
    )
    assert linked(build, text) == []


def test_what_is_linked_by_hand_is_not_linked_again(build: Build) -> None:
    assert linked(build, "The encoder and the rate. An :term:`encoder`.") == ["rate"]
