# Wusum's commands. `make serve` opens the page, `make test` runs every test.
# The tools are pinned in scripts/tools.sh and live under target/tools.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help serve test test-consumers check bench bench-formats pictures first-visit dist clean

help: ## these lines
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

serve: ## the page at http://127.0.0.1:8080, rebuilt when a file changes
	@scripts/tools.sh page
	. scripts/env.sh
	unset NO_COLOR
	exec trunk serve

test: ## every test: core, browser, the built page driven in real browsers
	@scripts/test.sh

test-consumers: ## exports read by the programs they are for, figures worked out anew (Python 3.11, packages from PyPI); ARGS: only these
	@scripts/consumers.sh $(ARGS)

check: ## formatting, clippy with warnings as errors, the core free of browser crates
	@scripts/check.sh

bench: ## the page beside a bare page, in one browser: one table
	@scripts/bench.sh $(ARGS)

bench-formats: ## each format in and out, megabytes a second; ARGS: megabytes of text (100); PYTHON: beside the Python route
	@cargo bench --locked --bench formats -- $(ARGS)

pictures: ## every screen and sheet of dist/ as pictures in target/screenshots, to be looked at
	@. scripts/env.sh
	cargo bench --locked --profile dev --features e2e --bench pictures

first-visit: ## what the first visit does not need, found anew: scripts/split/later.txt
	@scripts/first-visit.sh

dist: ## the optimised site in dist/, and its size
	@scripts/tools.sh dist
	scripts/dist.sh

clean: ## what was built, but not the tools
	@rm -rf dist
	find target -mindepth 1 -maxdepth 1 ! -name tools -exec rm -rf {} + 2>/dev/null || true
