.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test lint types imports check bench chaos browser live theme plugin clean

help: ## List these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.venv/.installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

demo: .venv/.installed ## Try the product with a practice store (PLATFORM=shopify: one of Shopify's); needs no account
	@BACKORDER_ENV=development $(BIN)/backorder demo --platform $(or $(PLATFORM),woocommerce)

test: .venv/.installed ## Run all tests that need no browser (embedded PostgreSQL, no network)
	$(BIN)/pytest -n 2 tests

lint: .venv/.installed ## Check style
	$(BIN)/ruff check .

types: .venv/.installed ## Check types
	$(BIN)/mypy

imports: .venv/.installed ## Check who imports whom
	$(BIN)/lint-imports

check: test lint types imports ## Everything that has to pass before a commit

bench: .venv/.installed ## Measure speed and memory; prints the figures of tests/bench/README.md
	$(BIN)/python -m tests.bench

chaos: .venv/.installed ## Kill, drop and flood (minutes)
	$(BIN)/pytest tests/chaos

browser: .venv/.installed ## Click through it in Chromium
	$(BIN)/pytest tests/browser

live: .venv/.installed ## Run the loop against a real WooCommerce (WOO_URL, WOO_KEY, WOO_SECRET)
	$(BIN)/pytest tests/live

plugin: ## Pack the companion plugin for WooCommerce into dist/backorder-notices.zip
	@mkdir -p dist && rm -f dist/backorder-notices.zip
	@cd adapters/woocommerce/plugin && $(PYTHON) -m zipfile -c ../../../dist/backorder-notices.zip backorder-notices
	@echo "dist/backorder-notices.zip: upload it under Plugins > Add New in WordPress"

theme: ## Check Shopify's theme block with Shopify's own linter (needs npm)
	@npm install --silent --no-save --prefix build/theme @shopify/theme-check-node
	@cp tests/adapters/shopify/theme/check.mjs build/theme/ && node build/theme/check.mjs adapters/shopify/app/extensions/backorder-notice

clean: ## Remove what make made
	rm -rf .venv .demo build dist
