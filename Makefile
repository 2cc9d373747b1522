# Two commands need nothing but python3 (3.11 or newer, with venv) and make: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help run test check unit lint types bench lock clean

help: ## List these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Sidebeat needs Python 3.11 or newer; set PYTHON=...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)

run: $(READY) ## Open the console
	@$(BIN)/sidebeat

test: lint types ## Run every test, on the real runtimes too
	$(BIN)/python -m pytest

check: lint types unit ## What is quick: lint, types, unit tests

unit: $(READY) ## Unit tests only
	$(BIN)/python -m pytest tests/unit

lint: $(READY) ## Format, lint, and the walls between the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(READY) ## Strict types
	$(BIN)/pyright

bench: $(READY) ## Speed as ratios within one run, and experiments against the truth (about ten quiet minutes)
	$(BIN)/python -m pytest -q -s tests/bench/ratios.py tests/bench/coverage.py tests/bench/experiments.py

lock: ## Renew requirements.lock (needs uv; no registry is named in it)
	uv lock --quiet
	uv export --quiet --no-header --no-emit-project --no-annotate --all-groups --format requirements.txt -o requirements.lock

clean: ## Remove the virtual environment
	rm -rf $(VENV)
