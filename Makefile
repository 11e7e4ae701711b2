# Chores. Each target makes the virtual environment when it is missing and uses it.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: help demo test test-long test-postgresql check run reference schema messages format clean

help:
	@echo "make demo    run the main job on the bundled sample sites; look at demo/out/feeds/"
	@echo "make test    run the tests"
	@echo "make test-long   run those that take minutes: browsers, readers, kills, floors of quality"
	@echo "make test-postgresql   run all of them with stores on a PostgreSQL of their own, which pip brings"
	@echo "make check   lint, types, import contracts"
	@echo "make run     one pass over your own sources.yaml"
	@echo "make reference  write the references in docs/ anew"
	@echo "make schema     write the script of a new database anew, after a migration"
	@echo "make messages   bring the desk's words in pipeline/review/locale/ up to date"
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

test-postgresql: $(READY)
	NEVAWIRE_TESTS_ON=postgresql $(BIN)/python -m pytest -m "long or not long" $(TESTS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict pipeline
	$(BIN)/lint-imports

run: $(READY)
	$(BIN)/nevawire run

reference: $(READY)
	$(BIN)/python docs/reference.py

schema: $(READY)
	$(BIN)/python -c "from pipeline.store import fresh; fresh.write()"

messages: $(READY)
	$(BIN)/pybabel --quiet extract --mapping-file pipeline/review/locale/babel.cfg --no-location --sort-output --omit-header --no-wrap --output-file $(VENV)/desk.pot pipeline/review
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --omit-header --no-wrap --ignore-pot-creation-date --locale ru --input-file $(VENV)/desk.pot --output-file pipeline/review/locale/ru.po

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) demo/out dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find pipeline tests demo benchmarks -name __pycache__ -prune -exec rm -rf {} +
