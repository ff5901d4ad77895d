# make conformance                  our two implementations, every requirement; needs only Python 3.11
# make conformance IMPL=dash        the real Dash (or taipy, dash@2.18.2, your.package:adapter …)
# make test                         everything that CI runs on each change
# make matrix ONLY='dash@3.* celery'  the cells of ci/matrix.toml (every release and backend), and the report of all of them
# make explore IMPL=dash            drawn programs and acts beside the model of SPEC.md; SEQUENCES=2000 for a night
# make site                         findings, specification, ledger and guides as one static site; OUT=matrix adds a matrix
# make load IMPL=dash               chapter Load with as many pages and runs as SPEC.md names: 500 at once, 1,000 in a row
# make nightly                      what takes longer: Chromium, every reproducer, the matrix, the tests marked `nightly`
PYTHON ?= python3
IMPL ?= dash_style taipy_style
DIALECT ?= all
WORKERS ?= auto
RUNS ?= 20
ROUNDS ?= 5
SAMPLE ?= 300
SEED ?= 1
BUSY ?= 10
SECONDS ?= 600
SEQUENCES ?= 200
OUT ?= matrix

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
VENV := .venv
BIN := $(VENV)/bin
# As pip does; without it, each of many processes compiles what it imports where Python may not write.
export UV_COMPILE_BYTECODE := 1
# The same for our own modules, and for those in which pytest rewrites assertions: two seconds of each pytest.
export PYTHONDONTWRITEBYTECODE :=
NEEDS := $(if $(filter-out dash_style taipy_style dash,$(IMPL)),all,ours)
SUITE := $(BIN)/pytest -n $(WORKERS) conformance

# A mistyped name is an error at once, before anything is installed. Known are the adapters of this repository, and of
# packages that were installed into the environment.
KNOWN := $(shell cat pyproject.toml $(wildcard $(VENV)/lib/python3*/site-packages/*.dist-info/entry_points.txt) | \
  sed -n '/callback_conformance\.adapters"\{0,1\}\]/,/^$$/s/^\([A-Za-z0-9_.-]*\) *=.*/\1/p')
UNKNOWN := $(foreach name,$(IMPL),$(if $(findstring :,$(name)),,$(filter-out $(KNOWN),$(firstword $(subst @, ,$(name))))))
$(if $(strip $(UNKNOWN)),$(error IMPL names $(strip $(UNKNOWN)); choose from $(sort $(KNOWN)), NAME@VERSION, package.module:attribute))

require = $(if $(filter-out $(2),$($(1))),$(error $(1) names $(filter-out $(2),$($(1))); choose from $(2)))
$(call require,DIALECT,background long_callback labs taipy all)
$(call require,DRIVER,wire browser)

.PHONY: help conformance test usually computing waiting nightly lint types unit queues releases browser deviations matrix site bench explore steady faults mutants fuzz audit load spec docs picture clean

help:
	@sed -n '/^#/!q; s/^# //p' Makefile

conformance: $(VENV)/$(NEEDS).ready $(if $(filter browser,$(DRIVER)),$(VENV)/browser.ready)
	$(BIN)/callback-conformance spec check
	$(SUITE) --verdicts $(IMPL:%=--impl=%) $(BACKEND:%=--backend=%) \
	  $(DIALECT:%=--dialect=%) $(DRIVER:%=--driver=%) $(ARGS)

# Our own environment first: nothing is installed while tests run. Then what computes runs beside what mostly waits; each line
# of the output begins with the name of its target.
test: usually $(VENV)/ours.ready lint types unit
	@$(MAKE) --no-print-directory --jobs=2 computing waiting

usually:
	@echo 'On two processors: lint 5 s, types 1 min, unit 5 min; then conformance 3 min and queues 3 min beside releases 6 min.'

named = +@echo '$(1) begins'; $(MAKE) --no-print-directory $(1) 2>&1 | sed --unbuffered 's/^/$(1) | /'

computing:
	$(call named,conformance)
	$(call named,queues)

waiting:
	$(call named,releases)

nightly: browser deviations matrix
	$(BIN)/pytest tests -m nightly

lint: $(VENV)/dev.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.ready $(VENV)/all.ready $(VENV)/browser.ready
	$(BIN)/mypy

unit: $(VENV)/dev.ready $(VENV)/all.ready $(VENV)/browser.ready
	$(BIN)/pytest tests --ignore=tests/faults -m 'not nightly' -n $(WORKERS) --dist worksteal

# Ours on Celery: one dialect, and the broker that comes from a wheel. The matrix has them all.
queues: $(VENV)/ours.ready
	$(SUITE) --impl=dash_style --backend=celery+redis

# Every failure of a release is known, with a reproducer in deviations/, or these fail. Most known failures wait in vain
# for what does not come, so that more workers than processors are busy.
releases: SUITE := $(BIN)/pytest -n 4 conformance
releases: $(VENV)/all.ready
	$(SUITE) --impl=dash --impl=taipy
	$(SUITE)/test_04_periodic_progress.py --impl=taipy --backend=gevent

browser: $(VENV)/browser.ready $(VENV)/all.ready
	$(SUITE) --impl=dash_style --impl=dash --driver=browser
	$(SUITE) -k documents --impl=dash_style --driver=browser --dialect=long_callback --dialect=labs
	$(SUITE)/test_18_sessions_and_isolation.py -k reaches_no_other_user --impl=taipy_style --impl=taipy --driver=browser

deviations: $(VENV)/browser.ready $(VENV)/all.ready
	$(BIN)/callback-conformance ledger run
	$(BIN)/callback-conformance ledger run --older

matrix: $(VENV)/matrix.ready
	$(BIN)/callback-conformance matrix --out $(OUT) $(foreach word,$(ONLY),'$(word)') $(if $(AGAIN),--again) $(if $(ARGS),-- $(ARGS))

# Without a run, unless OUT names the folder of a matrix.
site: $(VENV)/all.ready
	$(BIN)/callback-conformance findings site $(if $(filter-out file,$(origin OUT)),--run $(OUT))

# Ours and the newest releases, in turn: what counts is their ratio. The machine should do nothing else.
bench: $(VENV)/all.ready
	$(BIN)/callback-conformance bench --rounds=$(ROUNDS) --out=docs/bench.md $(ARGS)

# One process: a second one's tests would share the processors. A few minutes for each cell.
load: $(VENV)/$(NEEDS).ready
	$(BIN)/pytest conformance/test_22_load.py --full-load --verdicts $(IMPL:%=--impl=%) $(BACKEND:%=--backend=%) \
	  $(DIALECT:%=--dialect=%) $(ARGS)

explore: $(VENV)/$(NEEDS).ready
	$(BIN)/callback-conformance explore --sequences $(SEQUENCES) --seed $(SEED) \
	  $(IMPL:%=--impl=%) $(BACKEND:%=--backend=%) $(DIALECT:%=--dialect=%) $(ARGS)

# Full disks, killed helpers, odd environments: no verdict changes but to "not decided", and nothing is left.
faults: $(VENV)/all.ready $(VENV)/dev.ready
	$(BIN)/pytest tests/faults -n $(WORKERS)

# What the suite finds of faults in our two implementations; ARGS='--module=impl_dash_style/r*.py', '--by-hand-only' and
# others of `python -m tools.mutants --help`. A fault costs a few seconds, half of them spent on waiting.
mutants: $(VENV)/all.ready $(VENV)/dev.ready
	$(BIN)/python -m tools.mutants --sample $(SAMPLE) --seed $(SEED) $(ARGS)

# Requests that no page sends, beside pages whose users work, SECONDS on each set-up; fails if a server fails one of them.
fuzz: $(VENV)/all.ready $(VENV)/dev.ready
	$(BIN)/python -m tools.fuzz --seconds $(SECONDS) --seed $(SEED) --out fuzz.json $(ARGS)

# What is known against the versions that CI installs; fails, too, if the index does not know a package.
audit: $(VENV)/bin/uv
	$(BIN)/uv run --quiet --no-project --with pip-audit pip-audit --strict --no-deps --disable-pip -r ci/constraints.txt

steady: $(VENV)/all.ready $(VENV)/dev.ready
	$(BIN)/python -m tools.steady --runs $(RUNS) --busy $(BUSY)

spec: $(VENV)/ours.ready
	$(BIN)/callback-conformance spec write

# All that is written from SPEC.md, conformance/expected and deviations/; then the picture in README, from a real run.
docs: $(VENV)/all.ready
	$(BIN)/callback-conformance spec write
	$(BIN)/callback-conformance ledger index
	$(BIN)/callback-conformance findings write
	$(MAKE) picture

picture: $(VENV)/all.ready
	$(BIN)/uv run --quiet --no-project --with rich tools/picture.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist out report matrix site

$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(VENV)/browser.ready: $(VENV)/bin/uv pyproject.toml ci/constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c ci/constraints.txt -e '.[browser]'
	@command -v chromium chromium-browser google-chrome >/dev/null || $(BIN)/playwright install chromium
	@touch $@

$(VENV)/%.ready: $(VENV)/bin/uv pyproject.toml ci/constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c ci/constraints.txt -e '.[$*]'
	@touch $@
