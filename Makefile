# Outturn. `make help` lists what there is. Everything a run makes lies in $OUTTURN_HOME (default ./var) and in .venv.

PYTHON ?= python3
SCALE ?= 1
SITE ?= yes
COUNT ?= 10000
POINTS ?= 100
READERS ?= 50
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-runtime
DEV_STAMP := $(VENV)/.installed-dev
NODE_STAMP := reports/node_modules/.installed
UV := $(BIN)/python -m uv
NO_SITE := $(if $(filter no,$(SITE)),--no-site,)

.DEFAULT_GOAL := help
.PHONY: help setup demo refresh serve test bench fuzz soak clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Outturn needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 demo" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

# Node and npm come with the Python environment; nothing global
$(NODE_STAMP): reports/package-lock.json $(STAMP)
	$(BIN)/outturn setup-site

setup: $(STAMP) $(NODE_STAMP) ## Install everything from the lock files, once

demo: setup ## The demo firm, from files to a published site, in var/demo
	$(BIN)/outturn demo --scale $(SCALE) $(NO_SITE)

refresh: $(STAMP) $(if $(filter no,$(SITE)),,$(NODE_STAMP)) ## Take in what lies in the inbox and publish; SITE=no leaves the site out
	@$(BIN)/outturn refresh $(NO_SITE)

serve: setup ## Dagster on 127.0.0.1:3000 and the published site on 127.0.0.1:8080
	$(BIN)/outturn serve

test: setup $(DEV_STAMP) ## Everything that CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tests.everything

bench: setup $(DEV_STAMP) ## Benchmarks, with the floors in the same run; SCALE=10 for more
	$(BIN)/python -m benchmarks.run --scale $(SCALE)
	$(BIN)/python -m benchmarks.formats --scale $(SCALE)
	$(BIN)/python -m benchmarks.site_scale

fuzz: setup $(DEV_STAMP) ## Damaged files of every format through the inbox; COUNT=10000 of each
	$(BIN)/python -m benchmarks.fuzz --count $(COUNT)

soak: setup $(DEV_STAMP) ## kill -9 at POINTS moments of a refresh, READERS processes through 20 refreshes; hours
	$(BIN)/python -m benchmarks.soak --points $(POINTS) --readers $(READERS)

clean: ## Remove the environment, node modules and the demo; your own data home stays
	rm -rf $(VENV) reports/node_modules reports/.evidence reports/build var/demo
