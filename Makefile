# Two commands: `make run` serves the shipped data, `make test` runs the tests.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export MAILLAGE_HOME ?= $(CURDIR)/.maillage

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test install lock clean

run: install  ## build the shipped sources where that is needed, serve them, print the address
	@$(BIN)/maillage serve --build --host $(HOST) --port $(PORT)

test: .venv/.tested  ## run the tests
	$(BIN)/python -m pytest $(ARGS)

install: .venv/.installed  ## make the virtual environment

.venv/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Maillage needs Python 3.11 or later: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Installing into .venv (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

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
	rm -rf .venv .maillage
