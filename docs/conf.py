"""The site: one static folder that works without a server and without a network."""

import os
import sys
from importlib import metadata
from pathlib import Path

import pypandoc

here = Path(__file__).parent
sys.path.insert(0, str(here / "_ext"))
os.environ["PATH"] += os.pathsep + str(Path(pypandoc.get_pandoc_path()).parent)
os.environ["OMP_NUM_THREADS"] = "1"

project = "Latent Spaces"
author = "The authors of the course"
html_title = "Latent Spaces and VAEs"
language = "en"
STUDENT = ["instructors.rst"] if "student" in tags else []  # type: ignore[name-defined]  # noqa: F821
exclude_patterns = [*STUDENT, "_drawn", "_ext", "_static", "_templates", "build", "**/.ipynb_checkpoints"]
extensions = [
    "nbsphinx",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
    "alt_text",
    "animation",
    "book",
    "bundle",
    "cards",
    "claim",
    "claim_dots",
    "claims_list",
    "code_at",
    "code_lines",
    "conjecture",
    "course_map",
    "disclosure",
    "drawn",
    "executed",
    "explorer",
    "formulas",
    "front",
    "hints",
    "listing",
    "live_training",
    "markdown",
    "mistakes",
    "moved",
    "onward",
    "page_frame",
    "parts_table",
    "quiz",
    "reading_time",
    "site_search",
    "take_along",
    "terms",
    "together",
    "tree",
]
nitpicky = True

nbsphinx_execute = "always"
nbsphinx_kernel_name = "python3"
nbsphinx_requirejs_path = ""
nbsphinx_execute_arguments = ["--InlineBackend.figure_formats={'svg'}", "--IPKernelApp.log_level=40"]
copybutton_prompt_text = r">>> |\.\.\. |\$ |In \[\d*\]: "
copybutton_prompt_is_regexp = True
copybutton_selector = "div:not(.nboutput) > div.highlight > pre, .nbinput div.highlight > pre"
_labels = (
    "labels-as-vectors conditioning conditional-samples a-label-is-not-obeyed-by-itself the-branched-loss explorer"
)
_parts = [f"hint-11.{part}-{hint}" for part in range(1, 5) for hint in range(1, 4)]
moved_pages = {
    "lessons/structure/lesson": (
        "lessons/factors/lesson",
        {section: "lessons/labels/lesson" for section in (*_labels.split(), *_parts)},
    ),
    "lessons/structure/explore": ("lessons/factors/explore", {}),
}
bibtex_bibfiles = ["references.bib"]
bibtex_cite_id = "cite-{key}"

html_theme = "furo"
pygments_dark_style = "github-dark"
html_theme_options = {"top_of_page_buttons": []}
html_math_renderer = "katex"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["course.css"]
html_js_files = [("scroll.js", {"defer": "defer"})]
html_scaled_image_link = False
html_copy_source = False
html_use_index = False
html_show_copyright = False
html_favicon = "_static/favicon.svg"
html_last_updated_fmt = "%d %B %Y"
html_baseurl = os.environ.get("LATENT_COURSE_URL", "")  # where the site will be, for the pictures of link cards

version = release = metadata.version("latent-course")
copyright = "The authors of the course; text CC BY 4.0, code MIT"
epub_description = "Latent spaces and variational autoencoders: a course in which every sentence is measured"
epub_basename = "latent-spaces"
epub_show_urls = "no"
epub_title = html_title
epub_uid = "book-id"
epub_scheme = "UUID"
epub_identifier = "urn:uuid:6c1f0a52-3c0e-5b43-9d58-1f4c1f3e7f10"
epub_cover = ("_static/cover.png", "")
epub_css_files = ["book.css"]
book_without = ["instructors"]
epub_exclude_files = ["search.xhtml"]
# What a book leaves out: notebooks and scripts. What a student's site leaves out: the page for instructors.
suppress_warnings = ["epub.unknown_project_files", *(["toc.excluded"] if STUDENT else [])]
