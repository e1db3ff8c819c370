# A newcomer needs two of these: `make run` and `make test`. The rest is for developers.
# Needs GNU make 3.81 or newer, Python 3.11 or newer, and a package index pip can reach. With a C
# compiler the compiled engine is built; without one (or with SIM_NO_COMPILED=1) SimPy runs.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$p"; break; }; done)
CONFIG ?= configs/base.yaml
RUN_ARGS ?=
PYTEST_ARGS ?=
# COVERAGE=1 measures branch coverage of sim, in pytest's workers and sim's own too; what is compiled
# runs from its source then.
COVERAGE ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Twice quiet: errors only, none of the warnings that a local pip may have about itself.
INSTALL := $(PIP) install --quiet --quiet -c constraints.txt

# An environment that no longer starts (Python was upgraded) or that was made in another folder
# (the repository was moved) is made again.
USABLE := $(shell $(BIN)/python -c '' 2>/dev/null \
	&& test "`cat .venv/made-in 2>/dev/null`" = "`pwd -P`" && echo yes)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint bench clean
ifneq ($(USABLE),yes)
.PHONY: .venv/made-in
endif

help:
	@echo "make run     install into .venv (once), then simulate $(CONFIG)"
	@echo "make test    install the test tools (once), then run the tests on all cores"
	@echo ""
	@echo "make lint    ruff, ruff format --check, mypy --strict"
	@echo "make bench   run what is in benchmarks/"
	@echo "make clean   remove .venv, builds and caches (never outputs/)"
	@echo ""
	@echo "Variables: PYTHON=python3.12 (when .venv is made)  CONFIG=configs/base.yaml"
	@echo "           RUN_ARGS='--replications 20'  PYTEST_ARGS='-k calendars'  COVERAGE=1"

run: .venv/installed
	@$(BIN)/sim run $(CONFIG) $(RUN_ARGS)
	@echo "^ The results are in the folder named on the line above; summary.csv is a good start."

test: .venv/installed-dev
	@$(if $(COVERAGE),SIM_FROM_SOURCE=1 )$(BIN)/python $(if $(COVERAGE),-m coverage run )-m pytest -n auto $(PYTEST_ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict sim

bench: .venv/installed-dev
	@set -e; for script in benchmarks/[!_]*.py; do \
		test -e "$$script" || { echo "benchmarks/ holds no script yet"; break; }; \
		echo "== $$script"; $(BIN)/python "$$script"; \
	done

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf htmlcov .coverage .coverage.* coverage.json coverage.xml
	rm -f sim/*/*.so sim/*/*/*.so sim/compiled/_built_from.* sim/compiled/_not_built.*
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made-in:
	@test -n "$(PYTHON)" || { \
		echo "This needs Python 3.11 or newer, and none was found on the PATH." >&2; \
		echo "Install it (python.org, or your system's packages), or name it:" >&2; \
		echo "    make $(firstword $(MAKECMDGOALS) run) PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys' 2>/dev/null || { \
		echo "$(PYTHON) does not start; give a Python 3.11 or newer as PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "This needs Python 3.11 or newer; $(PYTHON) is `"$(PYTHON)" -V 2>&1`." >&2; \
		echo "Give another one as PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: venv or ensurepip is missing." >&2; \
		echo "Debian, Ubuntu:  sudo apt install python3-venv   (or python3.12-venv, ...)" >&2; \
		echo "Elsewhere: install the full Python from python.org" >&2; exit 1; }
	@echo "Making .venv with `"$(PYTHON)" -V 2>&1`"
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@pwd -P > $@

# Editable, so that a change in sim/ or configs/ counts at once; again only when these files change.
# What a C compiler makes modules of is among them: an edit there is compiled by the next make.
INSTALLED_FROM := pyproject.toml constraints.txt setup.py sim/built.py \
	$(foreach types,$(wildcard sim/*/*.pxd sim/*/*/*.pxd),$(types) $(types:.pxd=.py))

.venv/installed: .venv/made-in $(INSTALLED_FROM)
	@echo "Installing into .venv (once; a minute or two) ..."
	@$(INSTALL) -e .
	@touch $@

.venv/installed-dev: .venv/made-in $(INSTALLED_FROM)
	@echo "Installing the test tools into .venv (once; a minute or two) ..."
	@$(INSTALL) -e '.[dev]'
	@touch .venv/installed $@
