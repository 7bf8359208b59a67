"""The EPUB: well-formed, whole, without scripts, with stills for what moves and answers for what asks."""

import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from tests.site.sample_site import HERE, Site

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    source = tmp_path_factory.mktemp("book") / "source"
    shutil.copytree(HERE / "sample", source)
    site = Site(source).build("epub", book_without=["claims"], epub_cover=("_static/cover.png", ""))
    assert site.warnings == ""
    return zipfile.ZipFile(next(site.out.glob("*.epub")))


def pages(book: zipfile.ZipFile) -> dict[str, ElementTree.Element]:
    return {name: ElementTree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")}


def test_the_file_is_an_epub_whose_manifest_names_all_there_is(book: zipfile.ZipFile) -> None:
    first = book.infolist()[0]
    assert (first.filename, first.compress_type, book.read(first)) == ("mimetype", 0, b"application/epub+zip")
    manifest = ElementTree.fromstring(book.read("content.opf"))
    listed = {unquote(item.attrib["href"]): item.attrib for item in manifest.iter(f"{OPF}item")}
    assert listed.keys() <= set(book.namelist())
    assert listed["index.xhtml"]["properties"] == "mathml svg"
    for name, page in pages(book).items():
        has = {tag for tag in ("math", "svg") if any(node.tag.endswith("}" + tag) for node in page.iter())}
        held = set(listed[name].get("properties", "").replace("mathml", "math").split()) - {"nav"}
        assert has == held, name


def test_every_picture_is_in_it_and_has_words(book: zipfile.ZipFile) -> None:
    for name, page in pages(book).items():
        for image in page.iter(f"{XHTML}img"):
            source = image.attrib["src"]
            assert image.attrib["alt"]
            assert source.startswith("data:") or (Path(name).parent / source).as_posix() in book.namelist()


def test_nothing_in_it_needs_a_script_or_a_click(book: zipfile.ZipFile) -> None:
    used = {node.tag for page in pages(book).values() for node in page.iter()}
    assert not used & {XHTML + tag for tag in ("script", "button", "input", "canvas", "fieldset")}
    text = "".join(pages(book)["index.xhtml"].itertext())
    assert "One mean a latent dimension." in text
    assert "Return the result." in text
    assert all("open" in node.attrib for node in pages(book)["index.xhtml"].iter(f"{XHTML}details"))


def test_it_has_a_cover_and_a_name_that_no_other_book_has(book: zipfile.ZipFile) -> None:
    manifest = book.read("content.opf").decode()
    assert re.search(r"<dc:identifier[^>]*>urn:uuid:[0-9a-f-]{36}<", manifest)
    assert re.findall(r"urn:uuid:[0-9a-f-]{36}", manifest)[0] in book.read("toc.ncx").decode()
    assert 'properties="cover-image"' in manifest
    assert book.read("_static/cover.png").startswith(b"\x89PNG")


def test_pages_that_are_not_for_it_are_left_out_and_nothing_leads_there(book: zipfile.ZipFile) -> None:
    assert "claims.xhtml" not in book.namelist()
    assert not [name for name in book.namelist() if b"claims.xhtml" in book.read(name)]


def test_answers_stand_at_the_end_and_nothing_is_called_done(book: zipfile.ZipFile) -> None:
    page = pages(book)["index.xhtml"]
    text = "".join(page.itertext())
    assert "✓ done" not in text
    questions = [node for node in page.iter() if "quiz" in node.attrib.get("class", "").split()]
    assert questions
    assert not any("Right: " in "".join(question.itertext()) for question in questions)
    assert text.index("Answers") < text.index("Right: ")


def test_it_has_the_styles_of_a_book_and_no_others(book: zipfile.ZipFile) -> None:
    held = {Path(name).name for name in book.namelist() if name.endswith((".css", ".js"))}
    assert held == {"basic.css", "book.css", "epub.css", "nbsphinx-code-cells.css", "pygments.css"}
    page = book.read("index.xhtml").decode()
    assert {Path(link).name for link in re.findall(r'rel="stylesheet"[^>]*href="([^"?]+)', page)} <= held


def test_only_the_light_pictures_are_shown(book: zipfile.ZipFile) -> None:
    shown = [image.attrib["src"] for image in pages(book)["index.xhtml"].iter(f"{XHTML}img")]
    assert any("squares-light" in source for source in shown)
    assert not any("squares-dark" in source for source in shown)


def test_pictures_are_strict_svg() -> None:
    from book import _strict  # type: ignore[import-not-found,unused-ignore]

    loose = (
        '<!DOCTYPE svg PUBLIC "-//W3C">\n<svg><path id="space" transform="scale(1)"/><image x="1" id="a" y="2"/></svg>'
    )
    assert _strict(loose) == '\n<svg><path d="M0 0" id="space" transform="scale(1)"/><image x="1" y="2"/></svg>'
