# Everything needs Python 3.11 or newer, git and make; each target does its own set-up, once.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest
JOBS ?= 2
KIT ?=
KIT_ARG := $(if $(KIT),--kit $(KIT))

.PHONY: help demo test unit lint format test-long test-browser bench bench-full quality audit lock docs sites wheel clean

help:  ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

# The lock file holds every version, the build backend's too, so nothing is resolved here.
$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# A checkout is not compiled by its installation, and a shell may forbid it: every process would compile it anew.
.PHONY: compiled
compiled: $(READY)
	@$(BIN)/python -m compileall -q newsbot

demo: compiled  ## Crawl the embedded demo newsroom and show what it became
	@$(BIN)/scrapy demo

test: $(READY) lint unit  ## Lint, types and tests, on two cores in minutes

unit: compiled  ## The tests alone
	@$(PYTEST) -n $(JOBS) --dist worksteal -m "not slow and not browser" -q

lint: $(READY)  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(READY)  ## Let ruff sort imports and lay out the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

test-long: $(READY)  ## The full sweeps (hours)
	@$(PYTEST) -m slow

test-browser: $(READY)  ## What needs a browser: apt-get install chromium
	@$(PYTEST) -m browser

bench: compiled  ## Each figure beside its goal, in minutes (KIT=FOLDER for real pages)
	@PYTHONPATH=. $(BIN)/python -m benchmarks.speed $(KIT_ARG) --json .benchmarks/speed.json

bench-full: compiled  ## All pages and the long rows (memory, scaling, look-ups), in hours
	@PYTHONPATH=. $(BIN)/python -m benchmarks.speed --full $(KIT_ARG) --json .benchmarks/speed-full.json

quality: compiled  ## Extraction quality on a kit of annotated pages (KIT=FOLDER)
	@PYTHONPATH=. $(BIN)/python -m benchmarks.quality $(KIT_ARG)

audit: $(READY)  ## Ask an advisory database about the locked versions (exit 3: could not)
	@$(BIN)/python -m tools.audit

lock: $(READY)  ## Pin all versions anew
	@$(BIN)/pip-compile --quiet --upgrade --extra dev --strip-extras --no-header --no-annotate --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --output-file $(VENV)/lock pyproject.toml
	@{ echo "# Every version newsbot runs and is tested with. Made by \`make lock\`; install with pip install -r."; \
		grep -E '^[a-z0-9].*==' $(VENV)/lock; } > requirements.lock

docs: $(READY)  ## Write the generated pages anew: schemas, docs/output.md
	@$(BIN)/python -m tools.make_docs

wheel: $(READY)  ## Build the wheel into dist/
	@$(BIN)/python -m hatchling build -t wheel

clean:  ## Remove the environment and all caches (never output/)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .coverage
