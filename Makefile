# The commands of the project; `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PY := $(BIN)/python
PEERS := .venv-peers
SBOM := .venv-sbom
BIOME := node_modules/.bin/biome
# What goes wrong is said; warnings about caches and versions are nobody's business who only wants to start.
PIP := -m pip install -qq --disable-pip-version-check --no-input --require-hashes
NPM := npm ci --ignore-scripts --loglevel=error --no-audit --no-fund --no-update-notifier
export PORT

.DEFAULT_GOAL := help
.PHONY: help run setup test check fix bench bench-peers faults mutants sbom docs lock

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: export DEMO ?= 1
run: .venv/.installed node_modules/.installed ## everything on http://127.0.0.1:$PORT, with demo data on first start
	@exec $(PY) manage.py serve_all --prepare

setup: .venv/.installed node_modules/.installed ## the same preparation, without demo data and without starting
	@$(PY) manage.py prepare

test: .venv/.installed-dev node_modules/.installed-dev ## the whole suite; ARGS="tests/hazards -k review" for part of it
	@$(PY) manage.py build_icons
	@$(PY) .ci/suite.py $(ARGS)

check: .venv/.installed-dev node_modules/.installed-dev ## format, lint, layers, templates, scripts, migrations, diagram, compose
	@$(PY) manage.py build_icons
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --check templates
	$(BIN)/djlint --quiet --lint templates
	$(BIOME) check --error-on-warnings static/js
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py lifecycle_diagram --check
	@if command -v docker-compose >/dev/null; then docker-compose config --quiet && echo "docker-compose.yml is valid"; \
	elif docker compose version >/dev/null 2>&1; then docker compose config --quiet && echo "docker-compose.yml is valid"; \
	else echo "left out: docker-compose.yml (no docker-compose here)"; fi

fix: .venv/.installed-dev node_modules/.installed-dev ## format and repair what a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@$(BIN)/djlint --quiet --reformat templates || true # it ends with 1 when it changed something
	$(BIOME) check --write static/js

bench: .venv/.installed-dev node_modules/.installed-dev ## measure; prints a table and writes bench.json
	@$(PY) manage.py bench

bench-peers: $(PEERS)/.installed node_modules/.installed ## the same rows beside Django's admin and django-import-export; slow
	@$(PEERS)/bin/python manage.py bench_peers $(ARGS)

faults: .venv/.installed-dev node_modules/.installed ## kill and hang everything under load and see what holds; needs PostgreSQL and Redis; ARGS="--kills 200"
	@$(PY) manage.py build_icons
	@$(PY) -m tests.faults.long $(ARGS)

mutants: .venv/.installed-mutants node_modules/.installed-dev ## change one thing at a time in the rules: does a test notice? ARGS="hazards/rules.py"
	@$(PY) manage.py build_icons
	@$(PY) .ci/mutants.py $(ARGS)

sbom: $(SBOM)/.installed ## build/sbom/: what the product is made of, on the server and in the browser (CycloneDX 1.6, 1.5)
	@mkdir -p build/sbom
	@$(SBOM)/bin/cyclonedx-py environment --pyproject pyproject.toml --spec-version 1.6 --output-reproducible --output-file build/sbom/server.json $(SBOM)/product/bin/python
	@npm sbom --omit=dev --package-lock-only --sbom-format=cyclonedx --sbom-type=application >build/sbom/browser.json
	@echo "build/sbom/server.json, build/sbom/browser.json"

docs: .venv/.installed ## write the parts of docs/ that come from code
	$(PY) manage.py lifecycle_diagram

lock: .venv/.installed-dev ## resolve requirements*.in again (needs uv)
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 requirements-peers.in -o requirements-peers.txt
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 requirements-mutants.in -o requirements-mutants.txt
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 requirements-sbom.in -o requirements-sbom.txt

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed (PYTHON=…)")'
	@echo "making .venv"
	@$(PYTHON) -m venv .venv

.venv/.installed: $(PY) requirements.txt
	@echo "installing Python packages"
	@$(PY) $(PIP) -r requirements.txt
	@touch $@

.venv/.installed-dev: $(PY) requirements-dev.txt
	@echo "installing Python packages, also for development"
	@$(PY) $(PIP) -r requirements-dev.txt
	@touch $@ .venv/.installed

$(PEERS)/.installed: requirements-peers.txt
	@echo "installing Python packages of the peers"
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python $(PIP) -r requirements-peers.txt
	@touch $@

$(SBOM)/.installed: requirements-sbom.txt requirements.txt
	@echo "installing Python packages that list packages"
	@$(PYTHON) -m venv $(SBOM)
	@$(SBOM)/bin/python $(PIP) -r requirements-sbom.txt
	@$(PYTHON) -m venv --without-pip $(SBOM)/product
	@$(SBOM)/bin/python -m pip --python $(SBOM)/product/bin/python install -qq --disable-pip-version-check --no-input --require-hashes -r requirements.txt
	@touch $@

.venv/.installed-mutants: .venv/.installed-dev requirements-mutants.txt
	@echo "installing Python packages for mutants"
	@$(PY) $(PIP) -r requirements-mutants.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@node -e 'if (+process.versions.node.split(".")[0] < 20) { console.error("Node 20 or newer is needed"); process.exit(1) }'
	@echo "installing Node packages"
	@$(NPM) --omit=dev >/dev/null
	@touch $@

node_modules/.installed-dev: package.json package-lock.json
	@node -e 'if (+process.versions.node.split(".")[0] < 20) { console.error("Node 20 or newer is needed"); process.exit(1) }'
	@echo "installing Node packages, also for development"
	@$(NPM) >/dev/null
	@touch $@ node_modules/.installed
