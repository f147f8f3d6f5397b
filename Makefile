# The doors of the project; `make help` lists them.
PY := .venv/bin/python
PORT ?= 8000
HOST ?= 127.0.0.1
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo test isolation faults-clocks faults-settlement tour bench bench-fill check fix lock messages openapi icons clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: ## virtual environment, locked packages, system libraries, translations, icons
	@ops/bootstrap.sh

setup-tests: setup
	@ops/bootstrap.sh browser

demo: setup ## the whole product with sample data on http://127.0.0.1:8000 (PORT=, HOST=), Ctrl-C stops it
	@$(PY) manage.py demo --host $(HOST) --port $(PORT)

test: setup-tests ## all tests on servers of their own (ARGS="-k words" for some)
	@$(PY) -m pytest -n 2 --dist loadfile $(ARGS)

isolation: setup-tests ## every route, role and object against foreign rows, each layer alone, too (SAMPLE=n cells, SEED=, ONLY=route)
	@$(PY) -m tests.isolation

faults-clocks: setup-tests ## 10,000 warnings fall due in five minutes while workers are killed and Redis is emptied (DUE=, MINUTES=, SEED=)
	@$(PY) -m tests.faults.clocks

faults-settlement: setup-tests ## month closes and payments are killed in the middle; no line twice, none missing (KILLS=, SEED=)
	@$(PY) -m tests.faults.settlement

tour: setup-tests ## the main job in a real browser, from the call to the printed slip; pictures in var/tour/
	@$(PY) ops/tour.py

bench: setup-tests ## speed as ratios to a bare Django page (ONLY=name for one row)
	@$(PY) -m benchmarks.run

bench-fill: setup ## the databases of the benchmarks, 10,000 to 1,000,000 tickets (TICKETS= for one), kept in var/
	@$(PY) -m benchmarks.run fill

check: setup-tests ## ruff, types, import directions, templates, migrations, translations, OpenAPI, deploy settings, lock
	@ops/check.sh

fix: setup ## let ruff format and repair what it can
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

lock: setup ## remake the lock files from pyproject.toml (docs/decisions/0001)
	@ops/lock.sh

messages: setup ## collect new texts into locale/ (no locations, sorted) and compile
	@$(PY) manage.py messages
	@ops/bootstrap.sh

openapi: setup ## write docs/openapi.yaml anew
	@$(PY) manage.py spectacular --lang en --file docs/openapi.yaml

icons: setup ## write static/generated/: icons.svg from ops/icons.txt, site.css and scripts from static/
	@$(PY) ops/icons.py && $(PY) ops/styles.py && $(PY) ops/scripts.py

clean: ## remove everything that make made: environment, servers' data, caches
	@rm -rf .venv var staticfiles static/generated .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} + ; find locale -name '*.mo' -delete
