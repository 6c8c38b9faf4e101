# Everything a person does with this checkout. `make help` lists it.

PYTHON ?= python3
VENV := .venv/bin
UV_COMPILE := ../../$(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help run test coverage check bench lock clean setup setup-dev

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

run: setup ## Start the whole site with demo content; PORT, MINDCAST_HOME and MINDCAST_DEMO choose
	@$(VENV)/python -m web.assets build
	@exec $(VENV)/mindcast serve

test: setup-dev ## Set up what the tests need and run them all; ARGS="…" goes to pytest
	@$(VENV)/python -m web.assets build
	@$(VENV)/python deploy/run_tests.py $(ARGS)

coverage: setup-dev ## Run the tests and say which lines and branches none of them reaches
	@$(VENV)/python -m web.assets build
	@$(VENV)/python deploy/run_tests.py --cov --cov-report=term:skip-covered $(ARGS)

check: setup-dev ## Format, lint, types, import contracts
	@$(VENV)/python -m web.assets build
	@$(VENV)/python deploy/check.py

bench: setup-dev ## Measure; the figures go to bench/results
	@$(VENV)/python -m web.assets build
	@$(VENV)/python bench/run.py $(ARGS)

lock: setup-dev ## Pin the newest versions of all dependencies
	@cd deploy/requirements && for name in uv run dev speech; do $(UV_COMPILE) --upgrade $$name.in -o $$name.txt || exit 1; done

clean: ## Remove what was built; var/ with its data stays
	@rm -rf .venv build dist web/static web/frontend/node_modules .mypy_cache .ruff_cache .pytest_cache
	@find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

setup:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) was not found." >&2; exit 1; }
	@$(PYTHON) deploy/bootstrap.py run

setup-dev:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) was not found." >&2; exit 1; }
	@$(PYTHON) deploy/bootstrap.py dev
