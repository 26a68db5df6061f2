# make demo, make test, make help. What can be set from outside, as in `make demo FILE=a.py`:
#   FILE         the Python file that the demo works on
#   PYTEST_EDITORS  which tests in real editors `make test-editors` runs (all of tests/editors)
#   ARGS         what follows `lintseq-train` in `make train`, or the options of bench, proof and requests
#   PYTEST_ARGS  options for pytest in `make test` (one process a core)
#   PYTHON       the Python (3.11 or newer) that the environment is made with
#   TORCH_INDEX  the package index of the PyTorch build to use (see CONTRIBUTING.md)

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
FILE ?=
ARGS ?= --help
PYTEST_ARGS ?= -n auto --dist loadfile
PYTEST_EDITORS ?= tests/editors

PIP_INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt
# Asked only if it answers: pip would try an index that does not for minutes, once a package.
TORCH_FROM = $(if $(TORCH_INDEX),$(shell $(BIN)/python -c 'import sys, urllib.request; \
	urllib.request.urlopen(sys.argv[1], timeout=5)' $(TORCH_INDEX)/torch/ 2>/dev/null \
	&& echo --extra-index-url $(TORCH_INDEX)))
# Each stamp stands for what is installed; it is older than its reasons when that is out of date.
BASE := $(VENV)/.installed-base
DEV := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test test-offline test-editors test-release vsix lint bench proof train \
        wheel release requests faults fuzz soak audit clean
.DELETE_ON_ERROR:

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(BASE) ## Install the language server into .venv

setup-dev: $(DEV) ## Install the training code and the developer tools too

demo: $(BASE) ## Watch the model complete a file (FILE=...)
	@$(BIN)/python -P -m server demo $(if $(FILE),"$(FILE)")

test: $(DEV) ## Run the tests (PYTEST_ARGS=...)
	$(BIN)/python -P -m pytest $(PYTEST_ARGS)

test-offline: $(DEV) ## … where nothing but loopback can be reached, in a network namespace
	$(BIN)/python -m tests.offline $(PYTEST_ARGS)

# VS Code takes Node and the release build; the other editors alone do without.
test-editors: $(DEV) $(if $(filter tests/editors tests/editors/vscode%,$(PYTEST_EDITORS)),vsix) ## Fetch real editors and run the tests in them, offline (PYTEST_EDITORS=...)
	$(BIN)/python -m tests.editors $(PYTEST_EDITORS)

wheel: $(BIN)/python ## Build the package, its model inside, into dist/
	rm -rf build dist/lintseq-*.whl
	$(BIN)/python -m pip wheel --disable-pip-version-check --no-deps --wheel-dir dist .
	rm -rf build

release: wheel ## … and llama.cpp for every x86-64 machine beside it
	wheel=$$($(BIN)/python .ci/llama_wheel.py --portable) && cp "$$wheel" dist/
	@ls -l dist

vsix: $(DEV) release ## … and the VS Code extension, with both inside
	$(BIN)/python -P editors/vscode/scripts/package.py

test-release: $(DEV) release ## Install dist/ into an empty environment and use it there
	$(BIN)/python -P -m pytest tests/release

lint: $(DEV) ## Check style, types and import directions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV) ## Measure speed on this machine (ARGS="--cores 2 --only typing")
	@$(BIN)/python -m tests.bench $(filter-out --help,$(ARGS))

proof: $(DEV) ## Prove the sampler on the standard library, three seeds (ARGS="--jobs 4")
	@$(BIN)/python -m tests.proof --seeds 3 $(filter-out --help,$(ARGS))

requests: $(DEV) ## Send 10,000 requests and judge every answer (ARGS="--count 500")
	@$(BIN)/python -m tests.requests $(filter-out --help,$(ARGS))

faults: $(DEV) ## Let go wrong what can, and check that nothing is lost (ARGS="--times 10")
	@$(BIN)/python -m tests.faults $(filter-out --help,$(ARGS))

fuzz: $(DEV) ## Try any bytes on what reads what others wrote (ARGS="--seconds 60")
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(PIP_INSTALL) --quiet --editable '.[fuzz]' \
		|| echo "atheris cannot be had here: inputs are mutations only, not led by coverage" >&2
	@$(BIN)/python -m tests.fuzz $(filter-out --help,$(ARGS))

soak: $(DEV) ## Work for an hour, and check that nothing grew (ARGS="--minutes 10 --picture soak.svg")
	@$(BIN)/python -m tests.soak $(filter-out --help,$(ARGS))

audit: $(DEV) ## Look for known holes in the pinned versions; what could not be looked up fails too
	@$(BIN)/python -c 'import pip_audit' 2>/dev/null || $(PIP_INSTALL) --quiet 'pip-audit>=2.9'
	@$(BIN)/python .ci/audit.py

train: $(DEV) ## Run lintseq-train (ARGS="pretrain --help")
	@$(BIN)/lintseq-train $(ARGS)

clean: ## Remove .venv and what tools left behind; trained models and built wheels stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find lintseq training server tests .ci -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found (Debian 12: sudo apt install python3.11 python3.11-venv)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "$(PYTHON) cannot make virtual environments (Debian, Ubuntu: sudo apt install python$$version-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BASE): $(BIN)/python pyproject.toml constraints.txt .ci/llama_wheel.py .ci/lean.cmake
	wheel=$$($(BIN)/python .ci/llama_wheel.py) && $(PIP_INSTALL) --force-reinstall --no-deps "$$wheel"
	$(PIP_INSTALL) --editable .
	@touch $@

$(DEV): $(BASE)
	$(PIP_INSTALL) $(TORCH_FROM) --editable '.[training,dev]'
	@touch $@
