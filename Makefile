# One entry point for people and machines; `make` alone prints this file's targets.
# Needed: git, make and Python 3.11 or newer. Everything else comes from requirements.lock.

SHELL := /bin/sh
PY := .venv/bin/python
# Without .pyc files every Airflow process starts more than twice as slowly.
unexport PYTHONDONTWRITEBYTECODE

INPUT ?=
APPROVE ?=
ONCE ?=
PORT ?=
DESK ?=
quoted = '$(subst ','\'',$(1))'
RUN_OPTIONS = $(if $(INPUT),--input $(call quoted,$(INPUT))) $(if $(APPROVE),--approve $(call quoted,$(APPROVE))) \
	$(if $(filter-out 0,$(ONCE)),--once) $(if $(PORT),--port $(call quoted,$(PORT))) \
	$(if $(DESK),--desk $(call quoted,$(DESK)))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help env run reset test lint types imports unit property contract dags launcher e2e fix bench lock faults faults-real year

help: ## print this
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile
	@echo
	@echo '  make run INPUT=folder   on your own file exports    APPROVE=auto  the demo approver answers'
	@echo '  make run ONCE=1         leave when it is done       PORT=8081     another port for the UI'
	@echo '  make run DESK=documents   the warehouse has no API: mail to a clerk, files from him'

env: ## make .venv from requirements.lock, if the lock changed
	@bin/make-env

run: env ## run the whole journey in real Airflow, then serve its UI
	@$(PY) -m include.local run $(RUN_OPTIONS)

reset: env ## wipe what `make run` has written (var/)
	@$(PY) -m include.local reset

test: lint ## everything below; Airflow mostly waits, so e2e runs beside the others
	@bin/both "$(MAKE) e2e" "$(MAKE) types imports unit property contract dags launcher"

lint: env ## format and lint
	$(PY) -m ruff format --check
	$(PY) -m ruff check

types: env ## mypy --strict
	$(PY) -m mypy

imports: env ## which layer may import which
	.venv/bin/lint-imports

unit: env ## each rule, by example
	$(PY) -m pytest tests/unit

property: env ## what must hold for any input
	$(PY) -m pytest tests/property tests/faults

contract: env ## each adapter against its real peer
	$(PY) -m pytest tests/contract

dags: env ## the DAG files: load, order, settings
	$(PY) -m pytest tests/dags

# A pytest that starts beside another, as root, would close the usual folder to PostgreSQL; so each has its own.
in_own_folder = @folder=$$(mktemp -d) && $(PY) -m pytest $(1) --basetemp="$$folder" && rm -rf "$$folder"

launcher: env ## however `make run` ends, it leaves no process behind
	$(call in_own_folder,tests/launcher)

e2e: env ## the journey in real Airflow on embedded PostgreSQL; one world is shared, so in one order
	$(call in_own_folder,tests/e2e -p no:randomly)

faults: env ## 10,000 simulated histories of the ledger, then each of its rules removed
	$(PY) -m tests.faults.campaign
	$(PY) -m tests.faults.hunt

year: env ## a year of 200 exits, from the application to the closing
	YEAR_EXITS=200 $(PY) -m pytest tests/contract/test_year.py -s

faults-real: env ## the ledger with real processes that are killed, then in real Airflow
	$(PY) -m tests.faults.real_rounds
	$(PY) -m tests.faults.real_airflow

fix: env ## format and repair what can be repaired
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

bench: env var/bench-data ## measure; writes bench/RESULTS.md
	$(PY) -m bench

var/bench-data: requirements-bench.lock
	@rm -rf $@
	@uv=uv; command -v uv >/dev/null || uv=.venv/bin/uv; \
		$$uv pip install --quiet --python $(PY) --require-hashes --no-deps --target $@ -r requirements-bench.lock
	@touch $@

lock: env ## turn requirements*.in into requirements*.lock
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header requirements.in -o requirements.lock
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-deps \
		--no-emit-index-url --no-annotate --no-header requirements-bench.in -o requirements-bench.lock
