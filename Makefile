# Everything starts here: `make demo` serves the demo clinic, `make test` runs the tests. Each target sets up what it lacks; a stamp
# file remembers what is done, so a second start takes seconds. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
SAY := @printf '==> %s\n'
CHART_JS_VERSION := 4.6.1
MUTMUT_VERSION := 3.8.1
MUTANTS_SECONDS ?= 4500
CHART_JS := .cache/vendor/chart.js-$(CHART_JS_VERSION)/chart.umd.min.js
JOBS ?= 2
PYTEST := $(PYTHON) -m pytest -n $(JOBS)
PURE := domain charts imports exports forms
DEMO := env TITRATION_DEMO=1 $(PYTHON) manage.py demo
DEVELOPMENT := env TITRATION_DEBUG=1 $(PYTHON) manage.py
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(UPGRADE)

# uv from the path, or one of our own in .venv-uv where there is none.
UV := $(shell command -v uv || echo .venv-uv/bin/uv)
FIND_UV := $(filter .venv-uv/bin/uv,$(UV))

.PHONY: help setup demo test test-postgresql coverage random-cases mutants ci lint format types lock upgrade clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' Makefile

setup: .venv/.runtime ## prepare everything `make demo` needs, and run nothing
	@$(DEMO) --prepare-only

demo: .venv/.runtime ## prepare and serve the demo clinic on http://localhost:PORT
	@exec $(DEMO)

# The journeys by themselves: their site is set up once for each process then, not anew after each test of another kind.
test: .venv/.dev $(CHART_JS) ## run every test (browser tests where Chromium is found)
	$(SAY) 'Running the tests'
	@$(PYTEST) -m 'not browser'
	$(SAY) 'Running the journeys in the browser'
	@$(PYTEST) -m browser --dist worksteal

# The pure layers know no database: their tests run once, in `make test`.
test-postgresql: .venv/.dev ## run the tests, without the browser's, on a PostgreSQL of its own
	$(SAY) 'Running the tests on PostgreSQL'
	@.ci/with-postgresql $(PYTEST) -m 'not browser' $(PURE:%=--ignore=tests/%)

# Exactly these, and not every test, so that it takes minutes: the rules' own tests, then the charts, exports, imports and pages of plans
# that ask them. A branch that only another test reaches counts as missed: it wants a test of its own in tests/domain.
COVERS := tests/domain tests/charts tests/exports tests/imports \
	$(wildcard tests/views/test_plan*.py tests/views/test_worklist*.py) tests/views/test_bad_cases.py

coverage: .venv/.dev ## run the tests nearest to the rules, and fail below 100 % of the branches of titration/domain
	$(SAY) 'Measuring the branches of titration/domain'
	@TITRATION_RANDOM_CASES=200 COVERAGE_FILE=.cache/coverage $(PYTEST) -q $(COVERS) --cov=titration/domain --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100

random-cases: .venv/.dev ## put 10,000 random patients to the rules, and follow 500 random courses of acts
	$(SAY) 'Asking 10,000 random cases'
	@TITRATION_RANDOM_CASES=10000 $(PYTHON) -m pytest -q -n0 tests/domain/test_engine_properties.py -k answered_in_words
	$(SAY) 'Following 500 random courses of acts'
	@TITRATION_RANDOM_COURSES=500 $(PYTHON) -m pytest -q -n0 tests/services/test_any_course_of_acts.py

# In an environment of its own: the planted faults need a tool that nothing else does.
mutants: .venv/.dev ## plant faults in the rules and count how many the tests find; at most MUTANTS_SECONDS
	$(SAY) 'Planting faults in the rules'
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .cache/mutmut
	@VIRTUAL_ENV=.cache/mutmut $(UV) pip install --quiet -r requirements-dev.lock
	@VIRTUAL_ENV=.cache/mutmut $(UV) pip install --quiet 'mutmut==$(MUTMUT_VERSION)'
	@timeout $(MUTANTS_SECONDS) .cache/mutmut/bin/mutmut run --max-children $(JOBS) || true
	@.cache/mutmut/bin/mutmut export-cicd-stats && cat mutants/mutmut-cicd-stats.json

ci: ## what continuous integration runs
	@.ci/run

lint: .venv/.dev ## check style and format
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

format: .venv/.dev ## mend style and format
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

types: .venv/.dev ## check types
	$(PYTHON) -m mypy

lock: $(FIND_UV) ## write both lock files from pyproject.toml
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

upgrade: ## move the lock files to the newest versions allowed
	@$(MAKE) lock UPGRADE=--upgrade

clean: ## remove what make made, but not the data in var/
	rm -rf .venv .venv-uv .cache var/static

.venv-uv/bin/uv:
	$(SAY) 'Getting uv'
	@python3 -m venv .venv-uv
	@.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check uv

# uv looks neither into pyenv's folders nor past a default Python that is too old; where no Python fits, it fetches one.
.venv/bin/python: | $(FIND_UV)
	$(SAY) 'Finding Python 3.12 or newer'
	@for wanted in 3.13 3.12 3.14 $$(ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.1[234].*/bin/python 2>/dev/null); do \
		found=$$($(UV) python find --no-project --no-python-downloads $$wanted 2>/dev/null) && break; \
	done; \
	$(UV) venv --quiet --allow-existing --python "$${found:-3.13}" .venv
	@$(PYTHON) --version

.venv/.runtime: requirements.lock | .venv/bin/python $(FIND_UV)
	$(SAY) 'Installing the requirements'
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(SAY) 'Installing the requirements for tests'
	@VIRTUAL_ENV=.venv $(UV) pip sync --quiet --require-hashes requirements-dev.lock
	@touch $@

# The browser tests answer the CDN's address with this file. Without npm they skip loudly, and fail with CI=true.
$(CHART_JS): | .venv/.dev
	$(SAY) 'Fetching Chart.js for the browser tests'
	@mkdir -p .cache/npm
	@if (cd .cache/npm && npm pack --silent chart.js@$(CHART_JS_VERSION) && tar -xzf chart.js-*.tgz) >/dev/null; then \
		$(DEVELOPMENT) vendor_assets --from .cache/npm/package --into .cache; \
	else \
		echo '!!! npm could not fetch Chart.js' >&2; \
	fi
