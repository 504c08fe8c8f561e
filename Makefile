# Every command of this repository. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

python := .venv/bin/python
locked := $(foreach name,base ml spark infra dev uv,requirements/$(name).txt)
tracker := footfall/local/tracker/integrity.json
checked := footfall lambdas glue_jobs infra bench tests app.py requirements
# The processes that tests run in, unless only some are asked for. More want more memory: Spark and OpenSearch are among them.
WORKERS ?= $(if $(TESTS),0,2)
export PYTHON
export CDK_DISABLE_CLI_TELEMETRY := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.PHONY: help
help: ## say what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.installed node_modules/.installed .local/.fetched $(tracker) ## install all that is needed, and build the tracker

.venv/.installed: $(locked) pyproject.toml requirements/install.sh
	requirements/install.sh
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc | .venv/.installed
	npm ci --ignore-scripts
	@touch $@

.local/.fetched: $(wildcard footfall/local/poms/*.xml) footfall/local/opensearch_install.py | .venv/.installed
	$(python) -m footfall.local.fetch
	@mkdir -p $(@D) && touch $@

.PHONY: tracker
tracker: $(tracker) ## build the browser library, into tracker/dist and for `footfall up`

$(tracker): $(shell find tracker/src -name '*.ts') $(wildcard tracker/*.json tracker/*.mjs) package-lock.json | node_modules/.installed
	npm --prefix tracker run --silent build
	@touch $@

.PHONY: demo
demo: setup ## simulate a shop's traffic and take it all the way, into ./lake
	.venv/bin/footfall demo

.PHONY: test
test: setup ## run every test (TESTS=tests/unit/events: some of them; WORKERS=n: in so many processes)
	$(python) -m pytest $(if $(filter-out 0,$(WORKERS)),-n $(WORKERS) --dist loadscope --no-loadscope-reorder) $(TESTS)

.PHONY: soak
soak: setup ## try for longer: 1,000 fault schedules, 1M fuzz bodies, 1,000 lakes (PART=collector|fuzz|etl SEED=n COUNT=n)
	$(python) -m tests.soak $(PART) $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT))

.PHONY: soak-page
soak-page: setup ## write docs/soak.md from the last soak's results
	$(python) -m tests.soak --page

.PHONY: check
check: setup ## check style and types
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy $(checked)
	npm --prefix tracker run --silent check

.PHONY: format
format: setup ## put the sources into the style that `make check` wants
	$(python) -m ruff check --fix
	$(python) -m ruff format
	npm --prefix tracker run --silent format

.PHONY: bench
bench: setup ## measure every figure, and write docs/benchmarks.md (NAMES="a b": some of them)
	$(python) -m bench $(NAMES)

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
	rm -rf .venv node_modules .local build cdk.out tracker/dist footfall/local/tracker .pytest_cache .mypy_cache .ruff_cache .hypothesis
