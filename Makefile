# Octavo's commands. `make setup` once; everything else sets up what is missing.
PYTHON ?= python3.11
VENV := .venv
STAMP := $(VENV)/.installed
BIN := $(VENV)/bin
# Tests that meet the database.
STORED := tests/services tests/web tests/cli tests/store

.PHONY: setup run test check eval bench lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Octavo needs Python 3.11: set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup
	$(BIN)/octavo serve --open-start

# The whole suite on SQLite, then what touches the database on PostgreSQL.
test: setup
	$(BIN)/pytest
	$(BIN)/python tests/postgres.py $(BIN)/pytest $(STORED)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test
	$(BIN)/octavo manage makemigrations --check --dry-run

eval: setup
	$(BIN)/python evals/gate.py

bench: setup
	$(BIN)/python -m bench

lock:
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --universal --generate-hashes --no-header --output-file requirements.lock

clean:
	rm -rf $(VENV)
