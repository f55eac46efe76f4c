# Everything a person does with this repository. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
UV_VERSION := 0.13.9
UV := .uv/bin/uv
PY := .venv/bin/python
BIN := .venv/bin

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(UV):
	python3 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# The locked environment: exact versions with hashes, no registry named.
.venv/installed: $(UV) requirements.lock pyproject.toml
	test -x $(PY) || $(UV) venv --quiet --python python3 .venv
	$(UV) pip sync --quiet --require-hashes --python $(PY) requirements.lock
	$(UV) pip install --quiet --no-deps --python $(PY) --editable .
	touch $@

.PHONY: install
install: .venv/installed ## Install the locked environment into .venv

.PHONY: lock
lock: $(UV) ## Resolve the dependencies of pyproject.toml again
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 --all-extras --group dev pyproject.toml -o requirements.lock

# The web pages: the packages they are made of, and what is built from them.
web/node_modules/.package-lock.json: web/package-lock.json web/package.json $(wildcard web/*/package.json)
	.ci/npm ci --no-audit --no-fund
	touch $@

web/node_modules/.built: web/node_modules/.package-lock.json $(shell find web -type f -not -path '*/node_modules/*')
	.ci/npm run --silent build
	touch $@

.PHONY: web
web: web/node_modules/.built ## Build the operator's console and the member's pages

.PHONY: types
types: install web/node_modules/.package-lock.json ## Write the types that the pages have of the API
	.ci/types

.PHONY: run
run: install web ## Start everything on this machine: database, API, worker, some first events
	$(BIN)/regulars start examples/grocery.yaml

.PHONY: demo
demo: install ## Run a year of a real supermarket through the engine, and show what came of it
	$(BIN)/regulars demo examples/grocery.yaml

# Machine code of the event's way, beside its source in build/compiled; needs a C compiler.
build/compiled: .venv/installed web/node_modules/.built $(shell find src -name '*.py' -o -name '*.sql') .ci/compile
	.ci/compile

.PHONY: compile
compile: build/compiled ## Build the wheel, with the engine as machine code (needs a C compiler)

.PHONY: check
check: install web/node_modules/.package-lock.json ## Look at the code: style, types, layers, words, known holes in dependencies
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-style check-pages check-code

# Two at a time; the first takes as long as the others together.
.PHONY: check-style check-pages check-code
check-style:
	.ci/npm run --silent style
check-pages:
	.ci/npm run --silent check
check-code:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.ci/types --check
	.ci/audit

.PHONY: audit
audit: install ## Ask whether a dependency has a known hole
	.ci/audit

# Two workers begin at either end, so that servers and browsers are started by one of them.
SHARED := -n 2 --dist worksteal

.PHONY: test
test: check web chromium ## Look at the code, then run all tests, on a real PostgreSQL and in a real browser
	.ci/npm run --silent test
	$(PY) -m pytest $(SHARED)
	@if command -v cc >/dev/null; then $(MAKE) test-compiled; else \
	  echo "There is no C compiler: the tests on machine code were left out."; fi

# The browser that the journeys go through.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -qq --yes --no-install-recommends chromium fonts-noto-cjk; } || \
	  { echo "The journeys need Chromium: install it, for example by apt-get install chromium"; exit 1; }

.PHONY: screenshots
screenshots: install web chromium ## Take the pictures of every page in docs/images/pages anew
	mkdir -p docs/images/pages
	REGULARS_SCREENSHOTS=$(CURDIR)/docs/images/pages $(PY) -m pytest -n 0 tests/journeys -k every_page

# On machine code, as the wheel carries it: the tests of the modules that are compiled, and of those
# that call them.
COMPILED := $(patsubst %,tests/domain/test_%.py,amounts earning envelopes expiry ledger limits \
  operations orders periods plans reasons retention return_paths reversals tier_changes tier_records tiers uses) \
  $(addprefix tests/domain/,lifecycle memberships orders play) tests/services/lifecycle \
  $(patsubst %,tests/services/test_%.py,histories importing programs reviewing rotation transfers) \
  $(patsubst %,tests/storage/test_%.py,arrays database) \
  $(patsubst %,tests/adversarial/test_%.py,crashes instants order_histories points_given_back races) \
  $(patsubst %,tests/api/test_%.py,access armour events_api limits members_api points_api refusals \
  slow_bodies streams tokens_under_attack)

.PHONY: test-compiled
test-compiled: compile
	PYTHONPATH=build/compiled $(PY) -m pytest $(SHARED) $(COMPILED)

.PHONY: mutate
mutate: install ## Change the engine in a thousand small ways, and see that its tests notice
	$(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

.PHONY: bench
bench: compile ## Measure, and compare with what is promised (BENCH="http --full" for parts)
	@command -v wrk >/dev/null || apt-get install --yes wrk || \
	  { echo "make bench needs wrk: install it, for example by apt-get install wrk"; exit 1; }
	PYTHONPATH=build/compiled:. $(PY) -W ignore -m bench $(BENCH)

.PHONY: release
release: $(UV) compile ## Build the wheels and the source archive into dist/, and try the wheels
	rm -rf dist
	$(UV) build --quiet --python $(PY) --out-dir dist
	cp build/wheel/*.whl dist
	bash .ci/try-wheel dist
	ls -l dist
