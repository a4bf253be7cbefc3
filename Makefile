# Linli 邻里: everything a person or a machine types. Needs only Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help install install-dev demo test judge services rooms check fuzz bench durability browser pictures reference lock clean
SERVICES := $(addprefix tests/,bench drills durability edge ingest journeys live outbox run)

help:  ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

install: .venv/run.stamp  ## .venv/bin/linli, front end built

install-dev: .venv/dev.stamp

demo: install  ## a running demo, in .linli/
	LINLI_HOME=$${LINLI_HOME:-$(CURDIR)/.linli} $(BIN)/linli up --demo

test: browser judge  ## every test, in real services and a real browser, in two lanes side by side
	$(MAKE) -k -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) services rooms

judge: install-dev
	$(BIN)/python hatch_build.py
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy

services:
	$(BIN)/python -m pytest --durations=15 -o cache_dir=.pytest_cache/$@ $(SERVICES)

rooms:
	$(BIN)/python -m pytest --durations=15 -o cache_dir=.pytest_cache/$@ $(addprefix --ignore=,$(SERVICES))

check: judge  ## lint, types, contracts and the fast tests
	$(BIN)/python -m pytest -q -m "not browser and not durability and not realdata"

bench: install-dev  ## every measurement, as JSON
	for name in ingest latency startup; do $(BIN)/linli bench $$name --json; done

durability: install-dev  ## a thousand rounds of the kill matrix, and every hardship; table and durability.json
	LINLI_ROUNDS=$${LINLI_ROUNDS:-1000} LINLI_RESULT=$${LINLI_RESULT:-durability.json} \
	  $(BIN)/python -m pytest -q -s tests/durability

browser:
	@if command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fontconfig fonts-noto-cjk; \
	else echo "The browser tests need Chromium and a Chinese font: sudo apt-get install chromium fontconfig fonts-noto-cjk" >&2; exit 1; fi

pictures: install-dev browser  ## docs/pictures anew from the demo
	$(BIN)/python hatch_build.py
	LINLI_PICTURES=docs/pictures $(BIN)/python -m pytest -q -m pictures

fuzz: install-dev  ## the API asked at random for a quarter of an hour, by its own description
	LINLI_FUZZ_EXAMPLES=$${LINLI_FUZZ_EXAMPLES:-40} $(BIN)/python -m pytest -q -s tests/access/test_fuzz.py

reference: install-dev  ## docs/reference anew from the code
	$(BIN)/python -m linli_run.reference docs/reference

lock:  ## requirements/*.txt anew from *.in, with hashes
	for name in run build dev; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --custom-compile-command "make lock" requirements/$$name.in -o requirements/$$name.txt; done

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Linli needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python requirements/run.txt requirements/build.txt pyproject.toml hatch_build.py
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(BIN)/python hatch_build.py
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

clean:
	rm -rf .venv dist build frontend/node_modules src/linli/web/static/linli
