# Two commands do everything on a fresh machine with Python 3.11+: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test test-oracle test-slow lint bench soak pictures clean

demo: .venv/installed
	@$(BIN)/slaboard demo

# Two workers a core: many tests wait for a process or a terminal of their own. 3 min 40 s on two cores; with one worker
# each 4 min 55 s.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * min(8, os.cpu_count() or 1))')
test: .venv/installed-dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow"

# 10,000 random spans and 2,000 random histories against the oracles, and every incident of the real log step by step.
test-oracle: .venv/installed-dev
	@SLABOARD_HYPOTHESIS_EXAMPLES=5000 $(BIN)/python -m pytest -n auto tests/sla/test_calendar.py -k "elapsed_agree or due_agrees"
	@SLABOARD_HYPOTHESIS_EXAMPLES=2000 SLABOARD_FULL=1 $(BIN)/python -m pytest -n auto tests/sla/test_replay_oracle.py
	@$(BIN)/python -m pytest -n auto -m slow tests/sla tests/demo

# All that takes long: the oracles, properties of the store more often, processes killed and disks filled.
test-slow: test-oracle
	@SLABOARD_HYPOTHESIS_EXAMPLES=100 $(BIN)/python -m pytest -n auto -m "not slow" tests/board/test_render.py tests/sla/test_policy.py \
		tests/store/write/test_claim.py tests/store/test_counts.py tests/store/read/test_live.py tests/store/read/test_pivoting.py \
		tests/store/write/test_renewal.py tests/store/read/test_sorting.py
	@$(BIN)/python -m pytest -m slow --ignore tests/sla --ignore tests/demo

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Every figure is a ratio to a limit or to a peer measured in the same run (docs/performance.md).
bench: .venv/installed-bench
	@$(BIN)/python -m tests.benchmarks

# Boards up while others commit fifty times a second; `make soak SECONDS=3600` takes an hour.
SECONDS := 300
soak: .venv/installed-dev
	@$(BIN)/python -m tests.benchmarks.soak $(SECONDS)

# docs/pictures and docs/tour.md, from the running program in tmux on a clock of its own; look at each before a commit.
pictures: .venv/installed-dev
	@$(BIN)/python -m tests.pictures

# The environment is made at the first call, and again whenever pyproject.toml changed.
.venv/made:
	@test -n "$(PYTHON)" || { echo "slaboard needs Python 3.11 or newer with venv (on Debian: apt install python3-venv)."; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: pyproject.toml | .venv/made
	@echo "Installing slaboard into .venv ..."
	@$(PIP) -e .
	@touch $@

.venv/installed-dev: pyproject.toml | .venv/made
	@echo "Installing slaboard and what its tests need into .venv ..."
	@$(PIP) -e '.[dev]'
	@touch $@ .venv/installed

.venv/installed-bench: pyproject.toml | .venv/made
	@echo "Installing slaboard and the peers it is measured against into .venv ..."
	@$(PIP) -e '.[dev,bench]'
	@touch $@ .venv/installed .venv/installed-dev

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
