# make site          builds the site and says how to open it: 3 to 5 minutes
# make test          runs every check: style, types, tests, claims; the first time it trains the models of the claims
# make book          makes an EPUB of the site
# make student-site  builds the site without the page for instructors
# make claims        measures again what the lessons say: about half an hour the first time
# make starters      writes the starters that are missing in exercises/
# make bank          grades the grader, and prints the counts
# make shipped       trains again every run that the site shows, and puts it into course/shipped/
# make clean         removes what the other targets made

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
AS_ROOT = test "$$(id -u)" = 0
export OMP_NUM_THREADS = 1

.PHONY: help site book student-site test claims bank shipped starters clean
.DELETE_ON_ERROR:

help:
	@echo "A course on latent spaces. Begin with make site. The times are of two cores."
	@sed -n 's/^# \(make .*\)/  \1/p' $(firstword $(MAKEFILE_LIST))
	@echo "Each of them installs the course into $(VENV) first, which takes a few minutes once."
	@echo "For the exercises: source $(BIN)/activate, then pytest autograder"

site: $(VENV)/.docs
	@echo "Building the site, in 3 to 5 minutes the first time; Sphinx says how far it is"
	@$(BIN)/sphinx-build -W -n docs build/site
	@echo "The site is ready: open build/site/index.html in a browser (file://$(CURDIR)/build/site/index.html)"

book: $(VENV)/.docs
	@$(BIN)/sphinx-build -W -n -d build/doctrees-book -b epub docs build/book
	@echo "The book is ready: build/book/latent-spaces.epub"

student-site: $(VENV)/.docs
	@$(BIN)/sphinx-build -W -n -t student docs build/student-site
	@echo "The site for students is ready: build/student-site/index.html"

# The bank comes first among the tests: what takes longest must not be left to one worker at the end.
test: $(VENV)/.test chromium fashion
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/oxlint --deny-warnings course/explorer/browser
	$(BIN)/oxfmt --check -c course/explorer/browser/.oxfmtrc.json course/explorer/browser
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=line types built
	$(BIN)/latent-course claims --check
	LATENT_SITE=build/site $(BIN)/pytest -n auto --dist worksteal tests/bank tests

.PHONY: types built
types:
	$(BIN)/mypy
built:
	$(BIN)/sphinx-build -W -n -q docs build/site

claims: $(VENV)/.docs
	$(BIN)/latent-course claims

bank: $(VENV)/.test
	$(BIN)/python -m tests.bank

# What is trained stays in build/shipped until all is done: after Ctrl-C the same command goes on.
shipped: $(VENV)/.docs
	rm -rf docs/_drawn course/shipped build/shipped/site
	LATENT_COURSE_RUNS=$(CURDIR)/build/shipped/runs $(BIN)/sphinx-build -W -n -q docs build/shipped/site
	LATENT_COURSE_RUNS=$(CURDIR)/build/shipped/runs $(BIN)/latent-course runs ship
	rm -rf build/shipped

starters: $(VENV)/.docs
	$(BIN)/latent-course starters

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
	  echo "Expected Python 3.11 or newer, got $$($(PYTHON) --version): name another, as in make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c "import ensurepip" 2>/dev/null || { \
	  $(AS_ROOT) && echo "Python's venv module is not complete here; installing it" && \
	  apt-get update -qq && apt-get install -y -qq python3-venv; } || { \
	  echo "Expected Python's venv module, got none: install python3-venv as root, then call make again"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.docs: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the course into $(VENV) (a few minutes the first time)"
	$(PIP_INSTALL) -e ".[docs]"
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the course and its tests into $(VENV) (a few minutes the first time)"
	$(PIP_INSTALL) -e ".[test]"
	@touch $@ $(VENV)/.docs

.PHONY: chromium
chromium: $(VENV)/.test
	@test -x /usr/bin/chromium || { \
	  echo "The tests look at the pages in Chromium; installing it"; \
	  { $(AS_ROOT) && apt-get update -qq && apt-get install -y -qq chromium; } || $(BIN)/playwright install chromium || { \
	  echo "Expected Chromium, got none: install your system's package chromium as root, then make test again"; exit 1; }; }

.PHONY: fashion
fashion: $(VENV)/.test
	@$(BIN)/latent-course fashion >/dev/null 2>&1 || { \
	  echo "The claims of lessons 7 to 10 are about Fashion-MNIST; installing it"; \
	  { $(AS_ROOT) && apt-get update -qq && apt-get install -y -qq dataset-fashion-mnist; } || \
	  $(BIN)/latent-course fashion --download; }

clean:
	rm -rf build docs/_drawn
