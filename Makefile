# Chores. Each target makes the virtual environment when it is missing and uses it.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: help demo test test-long check run reference format clean

help:
	@echo "make demo    run the main job on the bundled sample sites; look at demo/out/feeds/"
	@echo "make test    run the tests"
	@echo "make test-long   run those that take minutes: browsers, readers, kills, floors of quality"
	@echo "make check   lint, types, import contracts"
	@echo "make run     one pass over your own sources.yaml"
	@echo "make reference  write the references in docs/ anew"
	@echo "make format  put the code into its form"
	@echo "make clean   remove what the other targets made"

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch $(READY)

demo: $(READY)
	$(BIN)/python -m demo

test: $(READY)
	$(BIN)/python -m pytest

test-long: $(READY)
	$(BIN)/python -m pytest -m long

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict pipeline
	$(BIN)/lint-imports

run: $(READY)
	$(BIN)/nevawire run

reference: $(READY)
	$(BIN)/python docs/reference.py

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) demo/out dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find pipeline tests demo benchmarks -name __pycache__ -prune -exec rm -rf {} +
