# Every command of this repository. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

python := .venv/bin/python
locked := $(foreach name,base ml spark infra dev uv,requirements/$(name).txt)
checked := footfall lambdas glue_jobs infra bench tests app.py requirements
export PYTHON
export CDK_DISABLE_CLI_TELEMETRY := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.PHONY: help
help: ## say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.installed node_modules/.installed .local/.fetched ## install all that is needed, into .venv, node_modules and .local

.venv/.installed: $(locked) pyproject.toml requirements/install.sh
	requirements/install.sh
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc | .venv/.installed
	npm ci --ignore-scripts
	@touch $@

.local/.fetched: $(wildcard footfall/local/poms/*.xml) footfall/local/opensearch_install.py | .venv/.installed
	$(python) -m footfall.local.fetch
	@mkdir -p $(@D) && touch $@

.PHONY: demo
demo: setup ## simulate a shop's traffic and take it all the way, into ./lake
	.venv/bin/footfall demo

.PHONY: test
test: setup ## run every test
	$(python) -m pytest $(TESTS)

.PHONY: soak
soak: setup ## run 1,000 fault schedules of the collector over real sockets (FAULT_SCHEDULES=n: another number)
	FAULT_SCHEDULES=$(or $(FAULT_SCHEDULES),1000) $(python) -m pytest tests/faults/collector/test_over_sockets.py

.PHONY: check
check: setup ## check style and types
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy $(checked)

.PHONY: format
format: setup ## put the sources into the style that `make check` wants
	$(python) -m ruff check --fix
	$(python) -m ruff format

.PHONY: bench
bench: setup ## measure every figure, and write docs/benchmarks.md
	$(python) -m bench

.PHONY: fuzz
fuzz: setup ## fuzz what reads requests, for SECONDS (60)
	$(python) -m tests.fuzz $(if $(SECONDS),--seconds $(SECONDS))

.PHONY: synth
synth: setup ## make the CloudFormation templates, into cdk.out
	node_modules/.bin/cdk synth --quiet

.PHONY: lock
lock: setup ## compile requirements/*.txt again from pyproject.toml (UPGRADE=1: to the newest versions)
	$(python) requirements/lock.py $(if $(UPGRADE),--upgrade)
	npm install --package-lock-only --ignore-scripts

.PHONY: clean
clean: ## remove what was installed, built and cached, but no lake
	rm -rf .venv node_modules .local build cdk.out .pytest_cache .mypy_cache .ruff_cache .hypothesis
