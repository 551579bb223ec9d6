# What to do with middleground. `make help` lists it. Everything may be run twice.

.DEFAULT_GOAL := help
.PHONY: help demo quick test check mutants bench torture messages lock clean
BIN := .venv/bin
# One more than cores, because many tests wait: for processes, browsers and clocks.
WORKERS ?= 3
SOURCES := src tests benchmarks

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: ## install, and start an example on this machine
	@scripts/install runtime
	@$(BIN)/middleground demo

test: ## run all tests, in a real browser and on both databases
	@scripts/install dev
	@scripts/test -n $(WORKERS) --dist loadscope --no-loadscope-reorder

quick: ## lint, types and unit tests of what changed, in a minute
	@scripts/install dev
	@$(BIN)/python scripts/quick.py

check: ## lint, types, layers, templates, migrations, documents
	@scripts/install dev
	@scripts/check

bench: ## measure; see docs/measurements.md
	@scripts/install dev
	@set -e; for file in benchmarks/*.py benchmarks/manipulation/*.py benchmarks/languages/*.py benchmarks/paper/*.py; do $(BIN)/python "$$file"; done

torture: ## power cuts, kills and bad input, for hours; FORM=power-cut is one alone, SHARE=0.01 a part
	@scripts/install dev
	@scripts/torture "$(FORM)" "$(SHARE)"

mutants: ## break promises one at a time: the tests must notice; ONLY=disclosure is a part
	@scripts/install dev
	@$(BIN)/python scripts/mutate --jobs $(WORKERS) "$(ONLY)"

messages: ## bring the catalogues of translations up to date, and say what is missing
	@scripts/install dev
	@$(BIN)/python scripts/catalogues.py

lock: ## choose and pin the newest versions of all dependencies
	@scripts/install dev
	@scripts/lock

clean: ## remove what was installed and built; the data folder stays
	rm -rf .venv .bench build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
