# Two commands on a fresh machine: `make demo` and `make test`. Both need only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
# Programs that the project runs but does not import, in an environment of their own.
TOOLS := build/tools
TOOLS_STAMP := $(TOOLS)/installed

.PHONY: demo test test-postgres test-windows windows reliability check format bench scale docs lock release clean

demo: $(STAMP)
	$(BIN)/sgtrack demo

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist loadfile

# The tests that have a ledger, with the ledger in PostgreSQL. They start a server of their own, which
# Debian has as `postgresql`; nothing that runs already is touched.
test-postgres: $(STAMP)
	SGTRACK_TEST_DB=postgresql $(BIN)/python -m pytest -n auto --dist loadfile

# The tests with a Windows CPython, on Linux under Wine. Needs root on Debian or Ubuntu and 4 GB of disk; the
# first run downloads Wine and Python to build/windows. ARGS="tests/evidence -n 0" are arguments for pytest.
test-windows: $(STAMP)
	$(BIN)/python scripts/test_windows.py $(ARGS)

# The program for Windows as dist/sgtrack-VERSION-windows.zip, built and tried under the same Wine.
# ARGS=--no-trial only builds it.
windows: $(STAMP)
	$(BIN)/python scripts/make_windows.py $(ARGS)

# The long form of tests/reliability: kills, writers at once, bad disks, many examples of each property. Prints the
# table of docs/reliability.md. ARGS="kill-log writers" runs these rows only, ARGS=--list names them.
# Takes up to 100 minutes.
reliability: $(STAMP)
	$(BIN)/python -m tests.reliability $(or $(ARGS),all)

check: $(STAMP) $(TOOLS_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_supply.py $(TOOLS)/bin/pip-audit
	$(BIN)/python scripts/make_word_templates.py --check
	$(BIN)/python scripts/make_docs.py --check
	$(BIN)/python scripts/make_schema.py --check

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Prints how long commands take, as ratios in one run; nothing is asserted.
bench: $(STAMP)
	$(BIN)/python scripts/bench.py

# Measures what docs/scale.md works with: a ledger in PostgreSQL and many who write at once.
scale: $(STAMP)
	$(BIN)/python scripts/scale.py

# Regenerates what is derived from the code: templates, help texts, the error catalogue, pictures, DDL.
docs: $(STAMP)
	$(BIN)/python scripts/make_word_templates.py
	$(BIN)/python scripts/make_docs.py
	$(BIN)/python scripts/make_schema.py
	$(BIN)/python scripts/make_tutorial_pictures.py

# Resolves the dependencies anew and writes them with their hashes.
LOCK := $(TOOLS)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: $(TOOLS_STAMP)
	$(LOCK) --group dev pyproject.toml -o requirements/dev.txt
	$(LOCK) pyproject.toml -o requirements/app.txt
	$(LOCK) --group tools -c requirements/dev.txt -o requirements/tools.txt
	$(LOCK) --extra postgres --group windows -c requirements/dev.txt pyproject.toml -o requirements/windows.txt

# Builds a release in dist/, checks it and tries it; publishes nothing. CONTRIBUTING.md has the recipe.
# ARGS=--rehearse goes on although something is missing.
release: $(STAMP) $(TOOLS_STAMP)
	$(BIN)/python scripts/release.py $(ARGS)

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $(STAMP)

$(TOOLS_STAMP): requirements/tools.txt
	$(PYTHON) -m venv --clear $(TOOLS)
	$(TOOLS)/bin/python -m pip install -q --require-hashes -r requirements/tools.txt
	touch $(TOOLS_STAMP)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
