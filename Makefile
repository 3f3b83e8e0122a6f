# Every target sets up .venv by itself; all it needs is Python 3.11 to 3.13 with venv, make, and git.
# Another Python: make test PYTHON=python3.12
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
SCENARIOS := fifteenth_plan,deep_basic_research,full_ownership_reform,closed_loop_finance,exit_drought

.PHONY: help run page test slow posterior lint bench agreement conformance refit baselines docs notebooks lock wheel clean
.DEFAULT_GOAL := help

help:
	@echo 'make run        five scenarios beside the baseline, into runs/: about ten seconds'
	@echo 'make test       the tests: about 8 minutes on two cores'
	@echo 'make slow       the long studies the tests leave out'
	@echo 'make posterior  whether fits of simulated data find what made them: 40 worlds, about an hour of one core'
	@echo 'make lint       style, format, types'
	@echo 'make bench      the measurements: a quarter of an hour; BENCH=--whole: all sizes, nine rounds'
	@echo 'make agreement  the exported model in engines nobody here wrote: how far they differ'
	@echo 'make conformance SUITE=folder   which public test models are read, and match'
	@echo 'make refit      calibrate anew and ship the fit'
	@echo 'make baselines  freeze the trajectories anew, after a change of the model'
	@echo 'make page       build/page.html: the model with levers, in one file to open in a browser'
	@echo 'make docs       the generated pages of docs/ anew, after a change of the model'
	@echo 'make notebooks  the notebooks anew, from their texts, with what their cells give'
	@echo 'make wheel      dist/*.whl'
	@echo 'make lock       requirements.lock anew, from pyproject.toml'
	@echo 'make clean      remove .venv, caches and builds; runs/ stays'

run: .venv/ready
	@echo 'Five scenarios beside the baseline, 201 members each: about ten seconds ...' >&2
	@$(BIN)/pujiang run scenario=$(SCENARIOS)

page: .venv/ready
	@$(BIN)/pujiang page --out build/page.html --force

test: .venv/ready
	@echo 'The tests: about 8 minutes on two cores ...' >&2
	@$(BIN)/pytest --numprocesses auto --dist loadfile

slow: .venv/ready
	@$(BIN)/pytest -m slow

posterior: .venv/ready
	@$(BIN)/pujiang check --posterior --worlds 40

lint: .venv/ready
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: .venv/ready
	@$(BIN)/python -m benchmarks $(BENCH)

agreement: .venv/ready
	@$(BIN)/python -m benchmarks.agreement

conformance: .venv/ready
	@$(BIN)/python -m benchmarks.conformance $(SUITE)

refit: .venv/ready
	@$(BIN)/pujiang calibrate --ship

baselines: .venv/ready
	@$(BIN)/pytest tests/test_baselines.py --refresh-baselines

docs: .venv/ready
	@$(BIN)/pujiang docs

# Jupyter lives in build/ for this one target; who only reads or runs a notebook needs none of it.
notebooks: .venv/ready
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --target build/jupyter --upgrade jupytext nbconvert ipykernel
	@mkdir -p build/notebooks
	@PYTHONPATH=build/jupyter $(BIN)/python -m jupytext --quiet --to ipynb --set-kernel - \
	    --run-path $(CURDIR)/build/notebooks --execute notebooks/*.py

wheel: .venv/ready
	@$(PIP:install=wheel) --no-build-isolation --no-deps --wheel-dir dist .

# uv resolves for every Python and platform at once. It lives in build/ for this one target, locked by nothing;
# it writes down no index, and is kept from those this machine may name.
lock:
	@echo 'Resolving requirements.lock ...'
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip --quiet --disable-pip-version-check install uv
	@env -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS build/lock/bin/uv pip compile --quiet --universal \
	    --python-version 3.11 --fork-strategy fewest --generate-hashes --upgrade \
	    --extra test --extra lint --group build \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	    pyproject.toml --output-file requirements.lock

clean:
	@rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -path ./runs -prune -o -type d -name __pycache__ -print0 | xargs -0 rm -rf

# Two stamps: a new lock builds the environment from nothing, so that no package outstays it;
# a new pyproject.toml only renews the package and its command. Each is written last: what is
# broken off leaves none and starts again.
.venv/ready: .venv/packages pyproject.toml
	@rm -f $@
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

# The build tools go in first: hydra's parser comes as source, and is built with the locked setuptools.
.venv/packages: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || { echo \
	    "Pujiang needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo not there); name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo \
	    "'$(PYTHON)' cannot make a virtual environment; on Debian and Ubuntu: apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; }
	@echo 'Setting up .venv from requirements.lock: a minute or two, once ...'
	@rm -f $@ .venv/ready
	@$(PYTHON) -m venv --clear .venv
	@awk '/^[a-z]/ { wanted = /^setuptools==/ } wanted' requirements.lock > .venv/first.lock
	@$(PIP) --require-hashes --no-deps --requirement .venv/first.lock
	@$(PIP) --require-hashes --no-build-isolation --use-pep517 --requirement requirements.lock
	@touch $@
