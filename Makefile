# The only list of commands; .ci/run calls the same ones.

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.coset-runtime
DEV := $(VENV)/.coset-dev
BENCH := $(VENV)/.coset-bench
DOCS := $(VENV)/.coset-docs
OUT ?= out
CRAWL_DB ?= build/crawl.sqlite
# Who asks the index; it wants to know from 1,000 requests on.
CONTACT ?=
# Every test is independent; more processes than these would wait for their own imports.
PARALLEL ?= --numprocesses=auto --maxprocesses=8 --dist=worksteal

# The tests and benchmarks start Python often; it should not compile the same modules each time.
unexport PYTHONDONTWRITEBYTECODE

# Inputs for each of the five parsers.
FUZZ_RUNS ?= 200000

.PHONY: help curate test coverage check docs site bench bench-solve bench-crawl bench-names fuzz crawl setup clean
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 16

curate: $(RUNTIME) ## set coset up, then compute the coherent set of the embedded data into out/
	$(BIN)/coset solve --out $(OUT)

test: $(DEV) ## run all tests; no network
	$(BIN)/python -m pytest $(PARALLEL)

coverage: $(DEV) ## run all tests and count the branches that they take; twice as long
	$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=term

check: $(DEV) ## formatter, linter, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml

docs: $(DEV) ## write what the manual says of commands and modules, and run its examples again
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/rerun.py

site: $(DOCS) ## build the manual into build/site, and check its links
	$(BIN)/zensical build --strict --clean

bench: $(BENCH) ## measure how long things take, and write benchmarks/RESULTS.md; half an hour
	$(BIN)/python benchmarks/results.py

bench-solve: $(BENCH) ## measure the solver alone, beside CP-SAT, resolvelib and uv; a quarter of an hour
	$(BIN)/python benchmarks/results.py solver oracle strict

bench-crawl: $(DEV) ## measure the crawl and the dataset alone, up to a million files and releases; an hour and a half
	$(BIN)/python benchmarks/results.py --full crawl dataset faults

bench-names: $(DEV) ## how often names are mapped right, and how long it takes; a minute
	$(BIN)/python benchmarks/bench_names.py

fuzz: $(DEV) ## try a million inputs (FUZZ_RUNS for each of five parsers) on what reads the index; five minutes
	$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[dev,fuzz]'
	$(BIN)/python tests/fuzz/fuzz.py page metadata wheel sdist lines $(FUZZ_RUNS)

crawl: $(RUNTIME) ## refresh the embedded dataset (CONTACT=your-address); goes on where it was interrupted
	mkdir -p $(dir $(CRAWL_DB))
	$(BIN)/coset crawl --from data/nixpkgs/nixpkgs.json --closure --newest 8 --contact "$(CONTACT)" --db $(CRAWL_DB)
	$(BIN)/coset dataset export data/dataset --db $(CRAWL_DB)

setup: $(DEV) ## set up everything that development needs

clean: ## remove everything that can be made again, the virtual environment included
	rm -rf $(VENV) $(OUT) build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps, so that "make curate" does not install the linters.
$(RUNTIME): pyproject.toml .ci/set-up .ci/constraints.txt
	@PYTHON="$(PYTHON)" bash .ci/set-up $(VENV) .
	@touch $@

$(DEV): pyproject.toml .ci/set-up .ci/constraints.txt
	@PYTHON="$(PYTHON)" bash .ci/set-up $(VENV) '.[dev]'
	@touch $(RUNTIME) $@

$(DOCS): $(DEV)
	$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[docs]'
	@touch $@

$(BENCH): $(DEV)
	$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[bench]'
	@touch $@
