# What a person types here. Needs Python 3.11+, Java 17+, Maven and make; everything else is fetched by `make setup`.
# PYTHON=python3.12 chooses the Python. FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS=host:port uses a Kafka of your own.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
UV_VERSION := 0.13.9
CHECKED := agents schemas firstwire seeds tests

.DEFAULT_GOAL := help
.SUFFIXES:
.NOTPARALLEL:
.PHONY: help setup demo format lint check test browser bench quality chaos cluster schemas lock clean jars kafka-for-tests chromium-for-tests

##@ Try

help: ## show this
	@awk -F ':.*## ' '/^##@ / { print substr($$0, 5) } /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: .make/installed jars ## fetch what is needed: packages into .venv, Kafka's jars
	@echo "ready: make demo, make test; for news of your own: $(CURDIR)/$(BIN)/firstwire init, in another folder"

demo: setup ## show the whole chain on sample feeds of this machine; ends by itself
	@$(BIN)/firstwire demo

##@ Check

format: .make/installed ## put the code into its one format
	$(BIN)/ruff format $(CHECKED)
	$(BIN)/ruff check --fix $(CHECKED)

lint: .make/installed ## format, lint, types, layers, JSON Schemas: all that takes seconds
	$(BIN)/ruff format --check --output-format concise $(CHECKED)
	$(BIN)/ruff check --quiet $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m schemas.generate --check

check: lint ## lint and unit tests, but for the slow ones; no Kafka
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not slow" tests/unit

# Files with few tests take longest here: in the order of their folders none of them is left for the end.
test: check kafka-for-tests chromium-for-tests ## everything: check, commands, agents, a real Kafka, a Chromium, a short chaos run
	$(BIN)/pytest -q -n 2 --dist worksteal -m slow tests/unit
	$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations 30 --durations-min 10 tests/kafka tests/agents tests/commands tests/web
	$(BIN)/pytest -q tests/browser/test_pages.py tests/browser/test_live.py
	$(BIN)/pytest -q tests/chaos

browser: .make/installed chromium-for-tests ## every page of the console in a real Chromium; writes the pictures of docs/console.md
	$(BIN)/pytest -q tests/browser
	$(BIN)/python -m tests.browser

##@ Measure

bench: .make/installed kafka-for-tests ## throughput and latency; writes docs/benchmarks.md
	$(BIN)/python -m tests.bench --page

quality: .make/installed kafka-for-tests ## precision and recall, a million articles; writes docs/quality.md
	$(BIN)/python -m tests.quality --page

chaos: .make/installed kafka-for-tests ## the long chaos run; writes docs/chaos.md
	$(BIN)/python -m tests.chaos --page

cluster: .make/installed kafka-for-tests ## three brokers, killed and cut off under load, clocks set back, a full disk; as root
	$(BIN)/python -m tests.chaos.cluster

##@ Maintain

schemas: .make/installed ## write schemas/json/ anew
	$(BIN)/python -m schemas.generate

lock: .make/uv ## choose the versions of all packages anew: both lock files
	.make/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev --no-header \
	  pyproject.toml -o requirements.lock
	.make/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --constraint requirements.lock pyproject.toml -o requirements-runtime.lock

clean: ## remove what was made here, but no data: var/ stays
	rm -rf $(VENV) .make dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.make/python:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "Python 3.11 or newer is missing: install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed and $(PYTHON) is $$("$(PYTHON)" --version 2>&1): name another one," \
	  "make PYTHON=python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv: install it (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@mkdir -p .make && touch $@

.make/packages: requirements.lock | .make/python
	@echo "[1/2] packages of requirements.lock into $(VENV) (a minute or two, once)"
	@"$(PYTHON)" -m venv $(VENV)
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

.make/installed: .make/packages pyproject.toml
	@echo "[2/2] firstwire itself"
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.make/uv: | .make/python
	@"$(PYTHON)" -m venv $@
	@$@/bin/python -m pip --disable-pip-version-check install --quiet uv==$(UV_VERSION)

# The embedded broker needs Java and Kafka's jars. A Kafka of your own needs neither.
jars: .make/installed
	@if [ -n "$$FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS" ]; then echo "kafka: $$FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS"; \
	else $(BIN)/firstwire setup; fi

# Tests take a given Kafka, else a container, else the embedded broker.
kafka-for-tests: .make/installed
	@if [ -n "$$FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS" ]; then echo "kafka: $$FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS"; \
	elif docker info >/dev/null 2>&1; then echo "kafka: a container"; \
	else $(BIN)/firstwire setup; fi

# Tests of pages take the Chromium that FIRSTWIRE_CHROMIUM names, else that of the PATH. As root on Debian it is installed.
chromium-for-tests:
	@if [ -n "$$FIRSTWIRE_CHROMIUM" ] || command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "chromium: installing the package of this system"; \
	  apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-noto-core >/dev/null; \
	else echo "Chromium is missing: install it (Debian and Ubuntu: apt install chromium), or name it:" \
	  "FIRSTWIRE_CHROMIUM=/path/to/chromium" >&2; exit 1; fi
