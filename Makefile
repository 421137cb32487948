# Two commands: `make run` serves the shipped data, `make test` runs the tests.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export MAILLAGE_HOME ?= $(CURDIR)/.maillage

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test test-quick install editor lock clean

# The editor's sources and the bundles made of them.
EDITOR := server/editor/frontend
BUNDLES := server/static/editor/.made

run: install  ## build the shipped sources where that is needed, serve them, print the address
	@$(BIN)/maillage serve --build --host $(HOST) --port $(PORT)

test: .venv/.tested $(BUNDLES)  ## run the tests
	$(BIN)/python -m pytest $(ARGS)

# What no server and no build of everything is needed for.
QUICK := tests/server/charts tests/server/test_questions.py tests/server/test_response_cache.py \
	tests/server/engine/test_slots.py tests/server/sparql/test_protocol.py tests/queries/test_binding.py \
	tests/loaders/test_divisions.py tests/loaders/test_masking.py tests/loaders/test_quads.py \
	tests/loaders/test_sources.py tests/loaders/test_ties.py tests/loaders/test_values.py \
	tests/datasets/atlas tests/datasets/curated tests/ontology/test_closure.py \
	tests/ontology/test_schemes.py tests/ontology/test_terms.py

test-quick: .venv/.tested  ## run those that take less than a minute together
	$(BIN)/python -m pytest -q -m "not full and not browser" $(QUICK)

install: .venv/.installed $(BUNDLES)  ## make the virtual environment and the editor's bundles

.venv/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Maillage needs Python 3.11 or later: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Installing into .venv (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(BUNDLES): $(wildcard $(EDITOR)/* $(EDITOR)/.npmrc $(EDITOR)/src/*) | .venv/.installed
	@$(EDITOR)/build.sh $(BIN)/python $(CURDIR)/$(@D)

editor:  ## make the editor's bundles anew
	@rm -f $(BUNDLES)
	@$(MAKE) --no-print-directory $(BUNDLES)

.venv/.tested: .venv/.installed requirements-test.txt
	@$(PIP) install --require-hashes -r requirements-test.txt
	@touch $@

# The lock files carry versions and hashes, no addresses.
COMPILE := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --annotation-style=line

lock: .venv/.installed  ## resolve the dependencies anew
	@$(PIP) install pip-tools
	$(COMPILE) -o requirements.txt pyproject.toml requirements.in
	$(COMPILE) --extra test -c requirements.txt -o requirements-test.txt pyproject.toml

clean:  ## remove the virtual environment and everything built
	rm -rf .venv .maillage $(dir $(BUNDLES))
